/** Whether a run meets what was required of it. */

import type { Cell, Run } from '../../store/schema.ts';
import type { LatencySummary, RateCell } from '../schema/rate.ts';
import type { JudgedRequirement } from '../schema/requirement.ts';
import type { ScenarioSummary, Summary } from '../schema/summary.ts';
import { cellsMatching, checkRequirements, isSame, partnerOf } from './cells.ts';
import { type Reading, ratioReading, readingOf } from './reading.ts';
import { type Operator, parseRequirements, type Requirement, unitOf } from './text.ts';

/**
 * The summary with every requirement judged at every cell that it is about, in the order in which they were given; as it
 * is without any. Throws UserError when a text is malformed, or nothing in the plan can answer it.
 */
export function withRequirements(summary: Summary, run: Run, texts: readonly string[] | undefined): Summary {
  const asked = parseRequirements(texts);
  if (asked.length === 0) return summary;
  checkRequirements(asked, run.manifest);
  return { ...summary, requirements: asked.flatMap((one) => judgedAt(one, summary, run)) };
}

function judgedAt(requirement: Requirement, summary: Summary, run: Run): readonly JudgedRequirement[] {
  return cellsMatching(requirement, run.manifest).flatMap(({ cell }): readonly JudgedRequirement[] => {
    const scenario = summary.scenarios.find(({ id }) => id === cell.scenario);
    if (scenario === undefined) return [];
    if (requirement.rate !== null) return atRates(requirement, requirement.rate, cell, scenario, run);
    const { figure } = requirement;
    if (figure.kind === 'ratio') {
      const other = partnerOf(cell, figure.model, run.manifest)?.id ?? '';
      return [judged(requirement, cell.id, ratioReading(cell.id, other, scenario.comparisons))];
    }
    const own = scenario.cells.find(({ id }) => id === cell.id);
    return own === undefined ? [] : [judged(requirement, cell.id, readingOf(figure, own, run.trials))];
  });
}

/** Which rates there are is known only now. */
function atRates(
  requirement: Requirement,
  rate: NonNullable<Requirement['rate']>,
  cell: Cell,
  { latency }: ScenarioSummary,
  { trials }: Run,
): readonly JudgedRequirement[] {
  const { figure } = requirement;
  if (figure.kind === 'ratio') return [];
  const own = (latency?.cells ?? []).filter((one) => isBeside(one, cell));
  const wanted = own.filter((one) => isWanted(one, rate, latency));
  if (wanted.length > 0) return wanted.map((one) => judged(requirement, one.id, readingOf(figure, one, trials)));
  const offered = own.map(({ offeredPerSec }) => `${offeredPerSec}/s`).join(', ');
  const why = offered === '' ? 'it was offered no rate' : `it was not offered that rate, only ${offered}`;
  return [judged(requirement, cell.id, { kind: 'none', point: null, why })];
}

/** Trials of a search count errors instead of failing, so they are not like those of other rates. */
function isBeside({ id, offeredPerSec }: RateCell, cell: Cell): boolean {
  return id === `${cell.id}@${offeredPerSec}`;
}

function isWanted(
  { id, offeredPerSec }: RateCell,
  rate: NonNullable<Requirement['rate']>,
  latency: LatencySummary | null,
): boolean {
  if (rate.kind === 'number') return rate.requestsPerSec === offeredPerSec;
  return (latency?.common ?? []).some(
    ({ cells, share }) => cells.includes(id) && (rate.kind === 'any' || (share !== null && isSame(share, rate.share))),
  );
}

function judged(requirement: Requirement, cell: string, reading: Reading): JudgedRequirement {
  const { asked, condition, figure, operator, limit } = requirement;
  const about = { asked, cell, condition, operator, limit, unit: unitOf(figure) };
  switch (reading.kind) {
    case 'none':
      return { ...about, point: reading.point, low: null, high: null, verdict: 'untold', reason: reading.why };
    case 'count': {
      const { point, isLost } = reading;
      const verdict = isLost ? 'broken' : sideOf(point, point, operator, limit);
      return { ...about, point, low: null, high: null, verdict, reason: isLost ? 'there is no result' : null };
    }
    case 'interval': {
      const { point, low, high, note } = reading;
      const verdict = sideOf(low, high ?? Number.POSITIVE_INFINITY, operator, limit);
      const untold = sideOf(point, point, operator, limit) === 'broken' ? BEYOND : ACROSS;
      return { ...about, point, low, high, verdict, reason: { met: null, broken: note, untold }[verdict] };
    }
    default:
      return reading satisfies never;
  }
}

/** Whether its figure is beyond the limit, however uncertain that is. */
export function isBadSide({ point, operator, limit }: JudgedRequirement): boolean {
  return point !== null && sideOf(point, point, operator, limit) === 'broken';
}

const ACROSS = 'the interval crosses the limit; measure more rounds';
const BEYOND = 'the figure is beyond the limit, and the interval reaches over it; measure more rounds';

/** Where an interval lies: wholly on one side of the limit, or across it. */
function sideOf(from: number, to: number, operator: Operator, limit: number): JudgedRequirement['verdict'] {
  const [low, high] = [withoutNoise(from), withoutNoise(to)];
  switch (operator) {
    case '<':
      return high < limit ? 'met' : low >= limit ? 'broken' : 'untold';
    case '<=':
      return high <= limit ? 'met' : low > limit ? 'broken' : 'untold';
    case '>':
      return low > limit ? 'met' : high <= limit ? 'broken' : 'untold';
    case '>=':
      return low >= limit ? 'met' : high < limit ? 'broken' : 'untold';
    default:
      return operator satisfies never;
  }
}

/** Trials that are all the same lie at their own value, and logarithms there and back leave it only nearly so. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12));
}
