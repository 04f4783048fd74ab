/** What a reader must know before believing latencies at a given rate. */

import { isServerLatency } from '../bottleneck/limited-by.ts';
import type { LatencySummary, RateCell } from '../schema/rate.ts';
import type { CellSummary, ScenarioSummary, Warning } from '../schema/summary.ts';
import { namesOf } from '../words.ts';

export function latencyWarnings(scenarios: readonly ScenarioSummary[]): Warning[] {
  return scenarios.flatMap(({ id, latency, cells }) =>
    latency === null
      ? []
      : [
          ...capped(id, latency),
          ...disturbed(id, commonCells(latency), cells),
          ...behind(id, commonCells(latency)),
          ...unfinished(id, commonCells(latency)),
          ...fewSamples(id, commonCells(latency)),
        ],
  );
}

/** Those at rates that all models were offered. A sweep and a search go beyond what a server can do on purpose. */
export function commonCells({ common, cells }: LatencySummary): readonly RateCell[] {
  const ids = new Set(common.flatMap((rate) => rate.cells));
  return cells.filter((cell) => ids.has(cell.id));
}

function capped(id: string, { cappedAt }: LatencySummary): Warning[] {
  if (cappedAt === null) return [];
  return [
    {
      code: 'rate-capped',
      message: `${id}: shares of capacity were lowered to ${cappedAt.toLocaleString('en-US')} requests/s, because one generator cannot keep its schedule far beyond that`,
      nextStep: 'give --generators with CPUs of their own (--isolate), or a --rate in requests per second',
    },
  ];
}

function disturbed(id: string, cells: readonly RateCell[], capacity: readonly CellSummary[]): Warning[] {
  // Without a bottleneck it was the server that fell behind, or there is nothing to be said.
  const held = cells.filter(
    ({ result }) => result !== null && !isServerLatency(result.limitedBy) && result.limitedBy.by !== 'unclear',
  );
  const causes = [...new Set(held.map(({ result }) => result?.limitedBy.by))];
  return causes.flatMap((by): Warning[] => {
    const own = held.filter(({ result }) => result?.limitedBy.by === by);
    const [first] = own;
    if (first?.result === undefined || first.result === null) return [];
    const nextStep = capacity.some(({ model, placement }) => model === first.model && placement.kind === 'shared')
      ? 'give the generator a CPU of its own (--isolate 1), or a lower --rate; fourways doctor shows what disturbs this machine'
      : 'give a lower --rate, or more --generators; fourways doctor shows what disturbs this machine';
    const which = own.length === 1 ? '' : `for ${named([first], cells)}, `;
    return [
      {
        code: 'late-generator',
        message: `${id}: latencies of ${named(own, cells)} are not those of the server alone: ${which}${first.result.limitedBy.evidence}`,
        nextStep,
      },
    ];
  });
}

/** Where something else was saturated, that is the warning instead: it was not the server that fell behind. */
function behind(id: string, cells: readonly RateCell[]): Warning[] {
  const slow = cells.filter(
    ({ result }) =>
      result !== null && !result.keptUp && (isServerLatency(result.limitedBy) || result.limitedBy.by === 'unclear'),
  );
  if (slow.length === 0) return [];
  return [
    {
      code: 'behind',
      message: `${id}: ${named(slow, cells)} did not keep up, so latency there grows with the length of the window`,
      nextStep: 'compare at a lower --rate; --slo finds the highest one that a model sustains',
    },
  ];
}

function unfinished(id: string, cells: readonly RateCell[]): Warning[] {
  const open = cells.filter(({ result }) => (result?.unfinished ?? 0) > 0);
  if (open.length === 0) return [];
  const count = open.reduce((sum, { result }) => sum + (result?.unfinished ?? 0), 0);
  return [
    {
      code: 'unfinished',
      message: `${id}: ${count} request${count === 1 ? '' : 's'} had no reply before the time-out (${named(open, cells)}); they count in the tail with the time-out`,
      nextStep: 'read percentiles beyond them as lower bounds, or offer a lower --rate',
    },
  ];
}

function fewSamples(id: string, cells: readonly RateCell[]): Warning[] {
  const few = cells.filter(({ result }) => result !== null && result.latency.p99 === null);
  if (few.length === 0) return [];
  const fewest = Math.min(...few.map(({ result }) => result?.requests ?? 0));
  return [
    {
      code: 'few-samples',
      message: `${id}: too few requests for a p99 (${fewest}; it takes 500) in ${named(few, cells)}`,
      nextStep: 'give a longer --duration or more --rounds',
    },
  ];
}

/** `single at 128/s, cluster at 80/s and 128/s`. */
function named(cells: readonly RateCell[], all: readonly RateCell[]): string {
  const nameOf = namesOf(all);
  const names = new Map<string, number[]>();
  for (const cell of cells) {
    const name = nameOf(cell);
    names.set(name, [...(names.get(name) ?? []), cell.offeredPerSec]);
  }
  return [...names].map(([name, rates]) => `${name} at ${rates.map((rate) => `${rate}/s`).join(' and ')}`).join(', ');
}
