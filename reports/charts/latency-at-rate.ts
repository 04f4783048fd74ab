import { type Content, frame } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { latencyAxis } from '../drawing/latency-axis.ts';
import { GUTTER, MARGIN } from '../drawing/layout.ts';
import { figuresOf, type Percentile, percentileHead, percentilesOf } from '../drawing/percentiles.ts';
import { rateConditions } from '../drawing/rate-conditions.ts';
import { type RateGroup, rateGroups } from '../drawing/rate-rows.ts';
import { intervalEnds } from '../drawing/whiskers.ts';
import { scenarioTitle } from '../words/cells.ts';
import { MISSING } from '../words/figures.ts';
import { behindNotes, cellsAt, percentileText, rateNotices, unsettledNote } from '../words/rates.ts';
import type { Chart } from './chart.ts';
import {
  figureLayer,
  headingLayers,
  labelLayer,
  noteLayers,
  p99Layers,
  pointLayers,
  spanLayer,
} from './latency-at-rate/layers.ts';

const COLUMN_WIDTH = 68;

function altText({ scenario }: ChartInput, groups: readonly RateGroup[], shown: readonly Percentile[]): string {
  const described = groups.map(({ heading, rows }) => {
    const parts = rows.map(({ label, latency, note }) => {
      if (latency === null) return `${label} ${note ?? ''}`.trim();
      const figures = shown.flatMap(({ key, name }) =>
        latency[key] === null ? [] : [`${name} ${percentileText(latency[key])} ms`],
      );
      return `${label} ${figures.join(', ')}${note === null ? '' : ` (${note})`}`;
    });
    return `${heading}: ${parts.join('; ')}`;
  });
  return `Dot plot of ${scenarioTitle(scenario)}: latency at the same rate for every model. ${described.join('. ')}.`;
}

const latencyAtRate: Chart = {
  summary: 'latency percentiles by model and class at a rate that every model is offered',
  draw: (input) => {
    const { latency } = input.scenario;
    if (latency === null) return { kind: 'omitted', reason: 'no latency was measured at given rates' };
    const { groups, height } = rateGroups(input);
    if (groups.length === 0) return { kind: 'omitted', reason: 'no rate was offered to every model' };
    const rows = groups.flatMap((group) => group.rows);
    const measured = rows.flatMap((row) => row.latency ?? []);
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model has a valid trial at a common rate' };
    const shown = percentilesOf(measured.map(figuresOf));
    const figures = measured.map(figuresOf).flatMap((one) => shown.map(({ of }) => of(one)));
    const known = figures.filter((ms) => ms !== null);
    if (known.length === 0) return { kind: 'omitted', reason: 'too few requests for any percentile' };
    const x = latencyAxis([...known, ...measured.flatMap(({ p99 }) => intervalEnds(p99))]);
    const alt = altText(input, groups, shown);
    const cells = latency.common.flatMap((common) => cellsAt(common, latency));
    const notes = [
      'Open loop: latency counts from when a request was due. All trials together. Whisker: 95% interval of p99.',
      ...(measured.some(({ p99, p999 }) => p99?.atLeast === true || p999?.atLeast === true)
        ? ['≥ and arrow: it lies among requests without a reply, so the truth is this or more.']
        : []),
      ...(known.length < figures.length ? [`${MISSING}: too few requests for this percentile.`] : []),
      ...behindNotes(cells),
      ...unsettledNote(measured.map(({ p99 }) => p99)),
      ...rateNotices(latency),
    ];
    const content: Content = {
      input,
      shows: 'latency at the same rate for every model',
      notes,
      alt,
      rowLabels: rows.map(({ label }) => label),
      rowHeight: 0,
      plotHeight: height,
      columnsWidth: shown.length * COLUMN_WIDTH,
      headHeight: 26,
      conditions: rateConditions(input, cells),
    };
    const spec = frame(content, ({ left, plotWidth }) => [
      ...headingLayers(groups, MARGIN - left, plotWidth + GUTTER + shown.length * COLUMN_WIDTH),
      spanLayer(x, rows, shown),
      ...p99Layers(x, rows),
      ...shown.toReversed().flatMap((percentile) => pointLayers(x, rows, percentile)),
      ...noteLayers(rows),
      labelLayer(rows),
      ...shown.flatMap((percentile, i) => {
        const right = plotWidth + GUTTER + (i + 1) * COLUMN_WIDTH;
        return [figureLayer(rows, percentile, right, percentile.key === 'p99'), ...percentileHead(percentile, right)];
      }),
    ]);
    return { kind: 'spec', spec, alt };
  },
};

export default latencyAtRate;
