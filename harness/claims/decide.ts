/** What a run says of a claim. Pure. */
import { z } from 'zod';
import type { Percentile } from '../judge/schema/capacity.ts';
import type { Comparison, ScenarioSummary, Summary } from '../judge/schema/summary.ts';
import type { Immutable } from '../store/schema.ts';
import type { Claim, DecidedBy } from './claim.ts';

/**
 * `confirmed`: the whole interval lies within what the claim says; `refuted`: all of it lies outside, on one side or the other;
 * `undecided`: it reaches across an end, or there is none.
 */
export const VERDICTS = ['confirmed', 'refuted', 'undecided'] as const;

/** One repetition. */
export const findingSchema = z.object({
  verdict: z.enum(VERDICTS),
  /** The figure with its interval; null where there is none. */
  point: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Why there is none; null when there is one. */
  why: z.string().nullable(),
});

export type Verdict = (typeof VERDICTS)[number];
export type Finding = Immutable<z.infer<typeof findingSchema>>;

type Reading = { readonly point: number; readonly low: number; readonly high: number } | { readonly why: string };

export function decide({ decidedBy }: Pick<Claim, 'decidedBy'>, summary: Summary): Finding {
  const scenario = summary.scenarios.find(({ name }) => name === decidedBy.scenario);
  const reading =
    scenario === undefined ? { why: `${decidedBy.scenario} was not measured` } : read(decidedBy, scenario);
  if ('why' in reading) return { verdict: 'undecided', point: null, low: null, high: null, why: reading.why };
  const { point, low, high } = reading;
  return { verdict: verdictOn(low, high, decidedBy), point, low, high, why: null };
}

function verdictOn(low: number, high: number, { from, to }: DecidedBy): Verdict {
  const [least, most] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
  if (low >= least && high <= most) return 'confirmed';
  return high < least || low > most ? 'refuted' : 'undecided';
}

/** The verdict of most repetitions; `undecided` when no single one has most. */
export function verdictOf(findings: readonly Finding[]): { readonly verdict: Verdict; readonly agreed: number } {
  const count = (verdict: Verdict): number => findings.filter((one) => one.verdict === verdict).length;
  const [first = 'undecided', second = 'undecided'] = VERDICTS.toSorted((a, b) => count(b) - count(a));
  const verdict = count(first) === count(second) ? 'undecided' : first;
  return { verdict, agreed: count(verdict) };
}

function read(by: DecidedBy, scenario: ScenarioSummary): Reading {
  switch (by.kind) {
    case 'ratio':
      return ratioOf(by, scenario);
    case 'latency':
      return latencyOf(by, scenario);
    case 'requests-per-sec':
      return servedBy(by, scenario);
    case 'most-possible': {
      const served = servedBy(by, scenario);
      if ('why' in served) return served;
      const most = scenario.limit?.requestsPerSec;
      if (most === undefined) return { why: `nothing limits ${by.scenario} but its servers` };
      return { point: most / served.point, low: most / served.high, high: most / served.low };
    }
    default:
      return by satisfies never;
  }
}

function servedBy(
  by: Extract<DecidedBy, { kind: 'requests-per-sec' | 'most-possible' }>,
  { cells }: ScenarioSummary,
): Reading {
  const cell = cells.find(({ model, connectionMode }) => model === by.model && connectionMode === by.connectionMode);
  const rate = cell?.result?.requestsPerSec;
  if (rate === undefined || rate.low === null || rate.high === null) return { why: 'fewer than three valid trials' };
  return { point: rate.point, low: rate.low, high: rate.high };
}

function ratioOf(by: Extract<DecidedBy, { kind: 'ratio' }>, { cells, comparisons }: ScenarioSummary): Reading {
  const idOf = (name: string) =>
    cells.find(({ model, connectionMode }) => model === name && connectionMode === by.connectionMode)?.id;
  const [own, other] = [idOf(by.model), idOf(by.against)];
  const isOfBoth = ({ candidate, baseline, metric }: Comparison): boolean =>
    metric === by.metric && [own, other].every((id) => id === candidate || id === baseline);
  const found = comparisons.find(isOfBoth);
  if (found === undefined) return { why: `${by.model} and ${by.against} were not compared` };
  const { ratio, candidate, reason } = found;
  if (ratio === null) return { why: reason };
  const { point, low, high } = ratio;
  return candidate === own ? { point, low, high } : { point: 1 / point, low: 1 / high, high: 1 / low };
}

/** The ends of the ratio are those that both intervals allow at most, which is wider than it need be. */
function latencyOf(by: Extract<DecidedBy, { kind: 'latency' }>, { latency }: ScenarioSummary): Reading {
  const common = latency?.common.find(({ share }) => share !== null && Math.abs(share - by.share) < 1e-9);
  if (common === undefined) return { why: `both could not be offered ${by.share * 100}% of the capacity` };
  const of = (name: string): Percentile | null => {
    const result = latency?.cells.find(({ id, model }) => common.cells.includes(id) && model === name)?.result;
    return result?.classes.find((one) => one.name === by.requestClass)?.latency[by.percentile] ?? null;
  };
  const [own, other] = [of(by.model), of(by.against)];
  if (own === null || other === null) return { why: `too few ${by.requestClass} requests for ${by.percentile}` };
  if (own.low === null || own.high === null || other.low === null || other.high === null) {
    return { why: `too few trials for an interval of ${by.percentile}` };
  }
  return { point: own.ms / other.ms, low: own.low / other.high, high: own.high / other.low };
}
