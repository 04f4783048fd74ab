import { findingOf } from '../../harness/judge/answer/finding.ts';
import { capital } from '../../harness/judge/words.ts';
import type { Chart, ChartInput, Drawing } from '../drawing/input.ts';
import { type PercentileRow, percentileChart } from '../drawing/percentiles.ts';
import { classesOf, headingOf, type RateView, rateConditions, rateRows, rateViews } from '../drawing/rate-rows.ts';
import { visible } from '../words/escape.ts';
import { partingOf } from '../words/parting.ts';
import { behindNotes, cellsAt, rateFigure, rateNotices } from '../words/rates.ts';

const latencyAtRate: Chart = {
  summary: 'latency percentiles by model at a rate that every model is offered',
  draw: (input) => {
    const { latency } = input.scenario;
    if (latency === null) return { kind: 'omitted', reason: 'no latency was measured at given rates' };
    const [first] = rateViews(latency);
    if (first !== undefined) return drawn(input, first);
    const reason =
      latency.common.length === 0
        ? 'no rate was offered to every model'
        : 'no model has a valid trial at a common rate';
    return { kind: 'omitted', reason };
  },
  parts: (input) => {
    const { latency } = input.scenario;
    const [, ...others] = latency === null ? [] : rateViews(latency);
    return others.map((view) => ({ of: nameOf(view), drawing: drawn(input, view) }));
  },
};

export default latencyAtRate;

/** `light requests at 158/s`. */
function nameOf({ common, requestClass }: RateView): string {
  return `${requestClass ?? 'all'} requests at ${rateFigure(common.offeredPerSec)}/s`;
}

function drawn(input: ChartInput, view: RateView): Drawing {
  const { latency } = input.scenario;
  const rows = rateRows(input, view);
  if (latency === null || rows.every((row) => row.latency === null)) {
    return { kind: 'omitted', reason: 'no model has a valid trial at a common rate' };
  }
  const cells = cellsAt(view.common, latency);
  return percentileChart({
    input,
    title: titleOf(input, view, rows),
    measured: visible(`latency of ${nameOf(view)} in ms`),
    notes: [
      `${capital(headingOf(view.common, latency.basis?.model ?? null, view.requestClass))}. Open loop: latency counts from when a request was due.`,
      ...behindNotes(cells),
      ...rateNotices(latency),
    ],
    conditions: rateConditions(input, cells),
    rows,
    strong: 'p99',
  });
}

/** Findings are of the first class of requests; of the others what the chart shows. */
function titleOf({ scenario }: ChartInput, view: RateView, rows: readonly PercentileRow[]): string {
  const { common, requestClass } = view;
  const [first] = classesOf(scenario.latency?.cells.map(({ result }) => result) ?? []);
  const found = (['latency-p99', 'latency-p50'] as const).flatMap((metric) => {
    const answer = scenario.answers.find((one) => one.metric === metric && one.offeredPerSec === common.offeredPerSec);
    const isKnown = answer?.level === true || answer?.models.some(({ atLeastBehind }) => atLeastBehind > 0) === true;
    return isKnown && first === requestClass ? (findingOf(scenario, metric, common.offeredPerSec) ?? []) : [];
  });
  const ranked = rows.flatMap(({ label, latency, isRanked }) =>
    latency === null || !isRanked ? [] : [{ label, latency }],
  );
  const parting = partingOf(ranked);
  const own = parting === null ? null : `${parting.percentile} of ${requestClass ?? 'all'} requests is ${parting.text}`;
  const [best = own] = found;
  return visible(best ?? `latency of ${nameOf(view)}`);
}
