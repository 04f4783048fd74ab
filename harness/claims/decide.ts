/** What a run says of a claim. Pure. */
import { z } from 'zod';
import { isRankable, isServerLatency } from '../judge/bottleneck/limited-by.ts';
import type { LimitedBy, Percentile } from '../judge/schema/capacity.ts';
import type { RateResult } from '../judge/schema/rate.ts';
import type { CellSummary, Comparison, ScenarioSummary, Summary } from '../judge/schema/summary.ts';
import type { Immutable } from '../store/schema.ts';
import type { Claim, DecidedBy } from './claim.ts';

/**
 * `confirmed`: the whole interval lies within what the claim says; `refuted`: all of it lies outside, on one side or the other;
 * `undecided`: it reaches across an end, there is none, or the figure cannot confirm what it can refute.
 */
export const VERDICTS = ['confirmed', 'refuted', 'undecided'] as const;

/** One repetition. */
export const findingSchema = z.object({
  verdict: z.enum(VERDICTS),
  /** The figure; null where there is none. */
  point: z.number().nullable(),
  /** Ends of its interval; `high` is null where the figure is a lower bound, both where there is no figure. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Why there is none; null when there is one. */
  why: z.string().nullable(),
});

export type Verdict = (typeof VERDICTS)[number];
export type Finding = Immutable<z.infer<typeof findingSchema>>;

/** `high` is infinite where the figure is a lower bound. */
type Reading = { readonly point: number; readonly low: number; readonly high: number } | { readonly why: string };

export function decide({ decidedBy }: Pick<Claim, 'decidedBy'>, summary: Summary): Finding {
  const scenario = summary.scenarios.find(({ name }) => name === decidedBy.scenario);
  const reading =
    scenario === undefined ? { why: `${decidedBy.scenario} was not measured` } : read(decidedBy, scenario);
  if ('why' in reading) return { verdict: 'undecided', point: null, low: null, high: null, why: reading.why };
  const { point, low, high } = reading;
  const verdict = verdictOn(low, high, decidedBy);
  return {
    // That it is possible does not say that any model does it.
    verdict: decidedBy.kind === 'most-possible' && verdict === 'confirmed' ? 'undecided' : verdict,
    ...{ point, low, high: Number.isFinite(high) ? high : null, why: null },
  };
}

function verdictOn(low: number, high: number, { from, to }: DecidedBy): Verdict {
  const [least, most] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
  if (low >= least && high <= most) return 'confirmed';
  return high < least || low > most ? 'refuted' : 'undecided';
}

/** One repetition and what it was measured on. */
type Repeated = Finding & { readonly node: string; readonly cpuModel: string };

/**
 * The verdict of more than half of all repetitions, when none says the opposite; else `undecided`. Only those on the Node.js and the
 * CPU of the first one are compared: another one is another question. `shown` is a repetition that agrees, the first one if none does.
 */
export function verdictOf<T extends Repeated>(
  repetitions: readonly T[],
): { readonly verdict: Verdict; readonly agreed: number; readonly shown: T | undefined } {
  const [first] = repetitions;
  const alike = repetitions.filter(({ node, cpuModel }) => node === first?.node && cpuModel === first.cpuModel);
  const of = (verdict: Verdict): readonly T[] => alike.filter((one) => one.verdict === verdict);
  const holds = (verdict: Verdict, opposite: Verdict): boolean =>
    of(verdict).length > repetitions.length / 2 && of(opposite).length === 0;
  const verdict = holds('confirmed', 'refuted') ? 'confirmed' : holds('refuted', 'confirmed') ? 'refuted' : 'undecided';
  const agreeing = of(verdict);
  return { verdict, agreed: agreeing.length, shown: agreeing[0] ?? first };
}

function read(by: DecidedBy, scenario: ScenarioSummary): Reading {
  switch (by.kind) {
    case 'ratio':
      return ratioOf(by, scenario);
    case 'latency':
      return latencyOf(by, scenario);
    case 'requests-per-sec':
      return servedBy(by, scenario);
    case 'most-possible':
      return possibleOf(by, scenario);
    default:
      return by satisfies never;
  }
}

type Alone = Extract<DecidedBy, { kind: 'requests-per-sec' | 'most-possible' }>;

function cellOf(
  { cells }: ScenarioSummary,
  name: string,
  mode: CellSummary['connectionMode'],
): CellSummary | undefined {
  return cells.find(({ model, connectionMode }) => model === name && connectionMode === mode);
}

/** Where something else was at its end, the server could have served more. */
function servedBy(by: Alone, scenario: ScenarioSummary): Reading {
  const result = cellOf(scenario, by.model, by.connectionMode)?.result ?? null;
  if (result === null || result.requestsPerSec.low === null || result.requestsPerSec.high === null) {
    return { why: 'fewer than three valid trials' };
  }
  const { point, low, high } = result.requestsPerSec;
  return { point, low, high: isLowerBound(result.limitedBy) ? Number.POSITIVE_INFINITY : high };
}

/** The number of connections is part of the question. */
function isLowerBound(label: LimitedBy): boolean {
  return !isRankable(label) && label.by !== 'connections';
}

/** Where the server was not what limited it, it could have served more, and what is possible is less of that. */
function possibleOf(by: Alone, scenario: ScenarioSummary): Reading {
  const served = servedBy(by, scenario);
  if ('why' in served) return served;
  const most = scenario.limit?.requestsPerSec;
  if (most === undefined) return { why: `nothing limits ${by.scenario} but its servers` };
  const label = cellOf(scenario, by.model, by.connectionMode)?.result?.limitedBy;
  const isServer = label !== undefined && isRankable(label);
  return { point: most / served.point, low: isServer ? most / served.high : 0, high: most / served.low };
}

function ratioOf(by: Extract<DecidedBy, { kind: 'ratio' }>, scenario: ScenarioSummary): Reading {
  const both = [by.model, by.against].map((name) => cellOf(scenario, name, by.connectionMode));
  const [own, other] = both;
  const isOfBoth = ({ candidate, baseline, metric }: Comparison): boolean =>
    metric === by.metric && both.every((cell) => cell?.id === candidate || cell?.id === baseline);
  const found = scenario.comparisons.find(isOfBoth);
  if (own === undefined || other === undefined || found === undefined) {
    return { why: `${by.model} and ${by.against} were not compared` };
  }
  const { ratio, candidate, reason } = found;
  if (ratio === null) return { why: reason };
  if (by.metric === 'peak-memory') {
    const summed = [own, other].find(({ result }) => result?.memory.kind !== 'pss');
    if (summed !== undefined) return { why: `memory of ${summed.model} has shared pages once for each process` };
  }
  const { point, low, high } = ratio;
  return candidate === own.id ? { point, low, high } : { point: 1 / point, low: 1 / high, high: 1 / low };
}

/** The ends of the ratio are those that both intervals allow at most, which is wider than it need be. */
function latencyOf(by: Extract<DecidedBy, { kind: 'latency' }>, { latency }: ScenarioSummary): Reading {
  const common = latency?.common.find(({ share }) => share !== null && Math.abs(share - by.share) < 1e-9);
  if (common === undefined) return { why: `both could not be offered ${by.share * 100}% of the capacity` };
  const of = (name: string): Bounds | { readonly why: string } =>
    percentileOf(
      by,
      name,
      latency?.cells.find(({ id, model }) => common.cells.includes(id) && model === name)?.result ?? null,
    );
  const [own, other] = [of(by.model), of(by.against)];
  if ('why' in own) return own;
  if ('why' in other) return other;
  return {
    point: own.ms / other.ms,
    // The truth is what was found, or more.
    low: other.atLeast ? 0 : own.low / other.high,
    high: own.atLeast ? Number.POSITIVE_INFINITY : own.high / other.low,
  };
}

type Bounds = Omit<Percentile, 'low' | 'high'> & { readonly low: number; readonly high: number };

/** What delayed it has to be the server, at a rate that it kept up with: else it grows with the window. */
function percentileOf(
  { percentile, requestClass, share }: Extract<DecidedBy, { kind: 'latency' }>,
  name: string,
  result: RateResult | null,
): Bounds | { readonly why: string } {
  const found = result?.classes.find((one) => one.name === requestClass)?.latency[percentile] ?? null;
  if (result === null || found === null) return { why: `too few ${requestClass} requests for ${percentile}` };
  if (!result.keptUp) return { why: `${name} did not keep up with ${share * 100}% of the capacity` };
  const { limitedBy } = result;
  if (!isServerLatency(limitedBy)) {
    return { why: `latencies of ${name} are not those of the server alone: ${limitedBy.evidence}` };
  }
  const { low, high } = found;
  if (low === null || high === null) return { why: `too few trials for an interval of ${percentile}` };
  return { ...found, low, high };
}
