/** The noise floor: how much two equal servers differ when they are measured one after the other. Pure. */
import { measurementsOf } from '../../judge/cell/summary.ts';
import type { Measurement, Trial } from '../../store/schema.ts';
import { type Finding, judged, percent } from '../finding.ts';

/** Two trials of the same cell, one right after the other. */
export interface AaPair {
  readonly a: Trial;
  readonly b: Trial;
}

/** How much the two trials of a pair differed, over all pairs. */
export interface Spread {
  /** Standard deviation of the logarithm of a ÷ b: the typical relative difference within a pair. */
  readonly sdLogRatio: number;
  /** The ratio of the greater to the smaller, less one, of each pair in the order in which they were measured. */
  readonly differences: readonly number[];
}

export interface Noise {
  /** Pairs of which both trials were valid. */
  readonly pairs: number;
  readonly failed: number;
  /** null without a valid pair. */
  readonly requestsPerSec: Spread | null;
  readonly cpuMsPerRequest: Spread | null;
}

/** Above a tenth, a few trials cannot distinguish models that are as close to each other as many are. */
const CAUTION = 0.1;
/**
 * Most of what is compared differs by less than a quarter, so chance could reverse any order. One such pair is not enough:
 * the estimate over the trials of a cell withstands one disturbed trial of a few, but not two.
 */
const UNFIT = 0.25;
const UNFIT_PAIRS = 2;

export function noiseOf(pairs: readonly AaPair[]): Noise {
  const valid = pairs.flatMap(({ a, b }) => {
    const [first, second] = [...measurementsOf([a]), ...measurementsOf([b])];
    return first === undefined || second === undefined ? [] : [{ first, second }];
  });
  const spread = (figureOf: (measurement: Measurement) => number): Spread | null =>
    spreadOfRatios(valid.map(({ first, second }) => figureOf(first) / figureOf(second)));
  return {
    pairs: valid.length,
    failed: pairs.length - valid.length,
    requestsPerSec: spread((one) => one.requestsPerSec),
    cpuMsPerRequest: spread((one) => one.server.cpuMsPerRequest),
  };
}

/** The servers are equal, so the true mean of the logarithms is known: it is 0, and not estimated from the few there are. */
export function spreadOfRatios(ratios: readonly number[]): Spread | null {
  const logs = ratios.map(Math.log).filter(Number.isFinite);
  if (logs.length === 0) return null;
  const squares = logs.reduce((sum, log) => sum + log * log, 0);
  return {
    sdLogRatio: Math.sqrt(squares / logs.length),
    differences: logs.map((log) => Math.exp(Math.abs(log)) - 1),
  };
}

export function noiseFindings({ failed, requestsPerSec, cpuMsPerRequest }: Noise): readonly Finding[] {
  const step =
    'Equal servers differ by this much here: end other programs, use more rounds and longer windows, or another machine.';
  const finding = (what: string, spread: Spread | null, mayBeUnfit: boolean): Finding => {
    const name = `A/A pairs, ${what}`;
    if (spread === null || failed > 0) {
      const value = `${failed} pair${failed === 1 ? '' : 's'} failed`;
      return judged(
        name,
        'unfit',
        value,
        'A healthy server could not be measured: end other programs and try again.',
        '0%',
      );
    }
    const value = `up to ${percent(largest(spread))}, sd ${percent(spread.sdLogRatio)}`;
    const unfit = mayBeUnfit && spread.differences.filter((one) => one > UNFIT).length >= UNFIT_PAIRS;
    const level = unfit ? 'unfit' : largest(spread) > CAUTION ? 'caution' : 'ok';
    return judged(name, level, value, step, '0%');
  };
  // Throughput decides: it is what is ranked.
  return [finding('requests/s', requestsPerSec, true), finding('CPU time', cpuMsPerRequest, false)];
}

/** The noise floor as a sentence; null when there is none. */
export function noiseSentence({ pairs, requestsPerSec, cpuMsPerRequest }: Noise): string | null {
  if (requestsPerSec === null || cpuMsPerRequest === null) return null;
  return `Two equal servers differed by up to ${percent(largest(requestsPerSec))} in requests/s and ${percent(largest(cpuMsPerRequest))} in CPU time per request over ${pairs} pair${pairs === 1 ? '' : 's'}; smaller differences between single trials on this machine are noise.`;
}

function largest({ differences }: Spread): number {
  return Math.max(...differences);
}
