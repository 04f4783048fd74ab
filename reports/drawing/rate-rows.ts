/** What charts of latency at common rates are of: rates, classes of requests, and a row per cell. */
import type { CommonRate, LatencySummary, RateCell, RateResult } from '../../harness/judge/schema/rate.ts';
import { failedText, modeText, subject, trialsText, workersText } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { given } from '../words/figures.ts';
import { arrivalsText, cellsAt, isComparable, partText, rateFigure, rateName, rateNote } from '../words/rates.ts';
import { runsOf } from '../words/runs.ts';
import type { ChartInput } from './input.ts';
import type { PercentileRow } from './percentiles.ts';
import { rowLabels } from './rows.ts';
import { modelColours } from './theme.ts';

/** What one image is of: one rate and one class of requests; all of them where it is null. */
export interface RateView {
  readonly common: CommonRate;
  readonly requestClass: string | null;
}

/** Every rate with all requests together and each class: what says most comes first. */
export function rateViews(latency: LatencySummary): RateView[] {
  const first = drawnRate(latency);
  const rates = first === null ? [] : [first, ...latency.common.filter((one) => one !== first)];
  return rates.flatMap((common) => {
    const classes = classesOf(cellsAt(common, latency).map(({ result }) => result));
    return [null, ...classes.filter((name) => name !== null)].map((requestClass) => ({ common, requestClass }));
  });
}

/** The highest common rate at which some models are ranked and kept up, all of them; the lowest one where there is none. */
export function drawnRate(latency: LatencySummary): CommonRate | null {
  const measured = latency.common
    .filter((common) => cellsAt(common, latency).some(({ result }) => result !== null))
    .toSorted((a, b) => a.offeredPerSec - b.offeredPerSec);
  const steady = measured.filter((common) => {
    const ranked = cellsAt(common, latency).flatMap(({ result }) =>
      result !== null && isComparable(result) ? [result] : [],
    );
    return ranked.length > 0 && ranked.every(({ keptUp }) => keptUp);
  });
  return steady.at(-1) ?? measured[0] ?? null;
}

/** A row per cell, in the order of the summary. */
export function rateRows({ scenario, summary }: ChartInput, { common, requestClass }: RateView): PercentileRow[] {
  const { latency } = scenario;
  const colourOf = modelColours(summary);
  const cells = latency === null ? [] : cellsAt(common, latency);
  const labels = rowLabels(cells.map((cell) => rateName(cell, scenario)));
  return cells.map((cell, i) => {
    const { result } = cell;
    const part = result === null ? null : partOf(result, requestClass);
    return {
      label: labels[i] ?? '',
      colour: colourOf(cell.model),
      latency: part?.latency ?? null,
      note: result === null ? failedText(cell) : noteOf(result, part),
      isRanked: result !== null && rateNote(result) === null,
    };
  });
}

/** The classes in the order of the summary; one that stands for all requests where there are none. */
export function classesOf(results: readonly (RateResult | null)[]): (string | null)[] {
  const names = new Set(results.flatMap((result) => (result?.classes ?? []).map(({ name }) => name)));
  return names.size === 0 ? [null] : [...names];
}

type Part = Pick<RateResult, 'requests' | 'unfinished' | 'latency'>;

/** All requests of a cell, or those of one class. */
export function partOf(result: RateResult, requestClass: string | null): Part | null {
  if (requestClass === null) return result;
  return result.classes.find(({ name }) => name === requestClass) ?? null;
}

function noteOf(result: RateResult, part: Part | null): string | null {
  const note = rateNote(result);
  const lost =
    part === null || part.unfinished === 0
      ? []
      : [`${given(part.unfinished)} of ${given(part.requests)} without a reply`];
  const parts = [...(note === null ? [] : [note]), ...lost];
  return parts.length === 0 ? null : parts.join('; ');
}

/** `light requests, at 128 requests/s in all (80% of what single serves)`. */
export function headingOf(
  { offeredPerSec, share }: CommonRate,
  basis: string | null,
  requestClass: string | null,
): string {
  const of = share === null || basis === null ? '' : ` (${partText(share)} of what ${basis} serves)`;
  const rate = `${rateFigure(offeredPerSec)} requests/s`;
  return visible(requestClass === null ? `at ${rate}${of}` : `${requestClass} requests, at ${rate} in all${of}`);
}

/** The conditions of an open loop, for the foot of an image: of these cells. */
export function rateConditions({ scenario }: ChartInput, cells: readonly RateCell[]): string[] {
  const { latency } = scenario;
  if (latency === null || cells.length === 0) return [];
  const runs = runsOf(scenario);
  const only = runs.length === 1 ? runs.map(({ label }) => `${label} only`) : [];
  return [
    workersText(cells),
    arrivalsText(latency),
    ...modeText(cells),
    `${trialsText(cells)} per ${subject(cells)} and rate`,
    ...only,
  ];
}
