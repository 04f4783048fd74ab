/** What a sweep shows of each model: up to which rate it kept up, and from which on its latency leaves the ground. */

import { isServerLatency } from '../bottleneck/limited-by.ts';
import type { LatencySummary, RateCell, RateResult } from '../schema/rate.ts';
import { list, namesOf, rateFigure } from '../words.ts';

export interface Reach {
  /** Any of its cells: what they share is the model and its setting. */
  readonly cell: RateCell;
  /** The highest rate up to which it kept up at every rate; null where it did not at the lowest. In requests per second. */
  readonly keptUpTo: number | null;
  /** The lowest rate at which the server fell behind; null where it did at none. */
  readonly behindAt: number | null;
  /** From which rate on a percentile was more than twice what it was at the lowest rate; null where it never was. */
  readonly rise: { readonly percentile: 'p50' | 'p90' | 'p99'; readonly fromPerSec: number | null } | null;
}

type Measured = RateCell & { readonly result: RateResult };

/** Latency has left the ground when it is more than this many times what it was at the lowest rate. */
export const RISEN = 2;
const TAIL_FIRST = ['p99', 'p90', 'p50'] as const;

/** By model, in the order of the cells; a model without a result has none. */
export function reachesOf(
  { cells, sweep }: Pick<LatencySummary, 'cells' | 'sweep'>,
  keyOf: (cell: RateCell) => string,
): Reach[] {
  const ids = new Set(sweep);
  const byModel = new Map<string, Measured[]>();
  for (const { result, ...cell } of cells) {
    if (result === null || !ids.has(cell.id)) continue;
    const key = keyOf({ ...cell, result });
    byModel.set(key, [...(byModel.get(key) ?? []), { ...cell, result }]);
  }
  return [...byModel.values()].flatMap((own) => reachOf(own.toSorted((a, b) => a.offeredPerSec - b.offeredPerSec)));
}

/** What something else held back says nothing about the server: it neither kept up nor fell behind there. */
function reachOf(own: readonly Measured[]): Reach[] {
  const [cell] = own;
  if (cell === undefined) return [];
  const known = own.filter(({ result }) => result.keptUp || isBehind(result));
  const behind = known.findIndex(({ result }) => isBehind(result));
  const kept = behind === -1 ? known : known.slice(0, behind);
  return [
    {
      cell,
      keptUpTo: kept.at(-1)?.offeredPerSec ?? null,
      behindAt: known[behind]?.offeredPerSec ?? null,
      rise: riseIn(kept),
    },
  ];
}

function isBehind({ keptUp, limitedBy }: RateResult): boolean {
  return !keptUp && isServerLatency(limitedBy);
}

/** Of the highest percentile that is known at every rate at which the server kept up; null without two of them. */
function riseIn(kept: readonly Measured[]): Reach['rise'] {
  const percentile = TAIL_FIRST.find((one) => kept.every(({ result }) => result.latency[one] !== null));
  const [ground] = kept;
  if (percentile === undefined || ground === undefined || kept.length < 2) return null;
  const msOf = ({ result }: Measured): number => result.latency[percentile]?.ms ?? 0;
  const low = kept.findLastIndex((one) => msOf(one) <= RISEN * msOf(ground));
  return { percentile, fromPerSec: kept[low + 1]?.offeredPerSec ?? null };
}

/** One sentence, the highest rate first: `Up to 190/s cluster and fork-pool kept up, up to 96/s single.` */
export function sweepSentence(reaches: readonly Reach[]): string {
  const nameOf = namesOf(reaches.map(({ cell }) => cell));
  const sorted = reaches.toSorted((a, b) => (b.keptUpTo ?? 0) - (a.keptUpTo ?? 0));
  const byRate = new Map<string, string[]>();
  for (const { cell, keptUpTo, behindAt } of sorted) {
    const rate =
      keptUpTo === null ? 'at no rate' : `at ${behindAt === null ? 'no less than' : 'up to'} ${rateFigure(keptUpTo)}/s`;
    byRate.set(rate, [...(byRate.get(rate) ?? []), nameOf(cell)]);
  }
  return `${[...byRate].map(([rate, names], i) => `${list(names)}${i === 0 ? ' kept up' : ''} ${rate}`).join('; ')}.`;
}
