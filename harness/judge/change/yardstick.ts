/**
 * The yardstick of two runs as the control of all their cells. Its work is the same in both, so what it shows is the machine, also
 * where every cell changed alike.
 */
import { isSameYardstick } from '../../plan/schedule/yardstick.ts';
import { yardstickRounds } from '../../plan/schedule/visits.ts';
import { FEWEST_TRIALS, type Ratio } from '../../stats/estimate.ts';
import { mean } from '../../stats/spread.ts';
import type { Measurement, Run } from '../../store/schema.ts';
import { validOf } from '../cell/summary.ts';
import { runMetric } from '../metrics/derived.ts';
import type { ChangeMetric } from '../schema/change.ts';
import { type CellPair, type CellSide, scenarioOf, workRatio } from './cells.ts';
import { besideControls } from './control.ts';
import type { FigurePair, Figures } from './figures.ts';
import { changeOf, locatedFrom, ratioBetween, type Sides, sharing } from './sides.ts';
import type { Apart } from './verdict.ts';

/** Of one run. */
interface YardstickSide {
  /** By its round, which counts through the whole run. */
  readonly trials: ReadonlyMap<number, Measurement>;
  /** Its round that was beside a cell in a round of that. */
  readonly roundBeside: (cell: string, round: number) => number | null;
}

export interface Yardsticks {
  readonly base: YardstickSide;
  readonly head: YardstickSide;
}

/** Null, or why not, where the runs do not both have the same one with three valid trials. */
export function yardsticksOf(base: Run, head: Run): Yardsticks | string {
  const [a, b] = [base.manifest.yardstick, head.manifest.yardstick];
  if (a === null || b === null) return 'measured before there was a yardstick';
  if (!isSameYardstick(a, b)) return 'base and head have different yardsticks';
  const sides = { base: sideOf(base), head: sideOf(head) };
  const few = (['base', 'head'] as const).find((side) => sides[side].trials.size < FEWEST_TRIALS);
  return few === undefined ? sides : `the yardstick of ${few} has fewer than ${FEWEST_TRIALS} valid trials`;
}

function sideOf({ manifest, additions, yardstick = [] }: Run): YardstickSide {
  return {
    trials: new Map(validOf(yardstick).map(({ round, measurement }) => [round, measurement])),
    roundBeside: yardstickRounds(manifest, additions),
  };
}

/** The cells relative to what the machine did, in their order; null where too few trials tell it. For a metric that depends on the machine. */
export function besideYardstick(
  cells: readonly { readonly pair: CellPair; readonly figures: FigurePair; readonly apart: Apart }[],
  metric: ChangeMetric,
  yardsticks: Yardsticks,
): readonly (Sides | null)[] {
  const { machine, figure } = runMetric(metric);
  if (machine === 'same' && figure.kind === 'trial') {
    const above = cells.map(({ pair, figures }) =>
      besideControls(figures, [figuresBeside(pair, figure.read, yardsticks)], 'yardstick'),
    );
    return sharing(
      above,
      cells.map(({ pair }) => scenarioOf(pair)),
    );
  }
  return cells.map(({ pair, apart }) => {
    const speed = sidesOf(figuresBeside(pair, cpuMs, yardsticks));
    if (apart.sides === null || speed === null) return null;
    // Work that each run sized for itself takes as long on a slower machine, where there is less of it.
    const head = { ...speed.head, point: speed.head.point + Math.log(workRatio(pair)) };
    return beyondQueue(apart.sides, { ...speed, head }, busyShare(pair.base));
  });
}

/** head ÷ base of the yardstick itself; null where no figure of it tells of the metric. */
export function yardstickRatio(metric: ChangeMetric, { base, head }: Yardsticks, level: number): Ratio | null {
  const { machine, figure } = runMetric(metric);
  if (machine !== 'same' || figure.kind !== 'trial') return null;
  const logs = ({ trials }: YardstickSide) => [...trials.values()].flatMap((one) => logOf(figure.read(one)));
  const [of, to] = [logs(base), logs(head)];
  if (Math.min(of.length, to.length) < FEWEST_TRIALS) return null;
  return ratioBetween({ base: locatedFrom(of), head: locatedFrom(to) }, level);
}

type Read = (trial: Measurement) => number | null;

const cpuMs: Read = ({ server }) => server.cpuMsPerRequest;

function logOf(value: number | null): number[] {
  return value !== null && value > 0 ? [Math.log(value)] : [];
}

/** Of the yardstick in the rounds of a cell, with their numbers. */
function figuresBeside(pair: CellPair, read: Read, yardsticks: Yardsticks): FigurePair {
  const beside = ({ cell, valid }: CellSide, { trials, roundBeside }: YardstickSide): Figures => ({
    trials: valid.flatMap(({ round }) => {
      const own = trials.get(roundBeside(cell.id, round) ?? -1);
      return own === undefined ? [] : logOf(read(own)).map((log) => ({ round, log }));
    }),
    merged: null,
    lacking: null,
  });
  const [base, head] = [beside(pair.base, yardsticks.base), beside(pair.head, yardsticks.head)];
  return { level: base.trials.length === 0 ? 0 : mean(base.trials.map(({ log }) => log)), base, head };
}

function sidesOf({ base, head }: FigurePair): Sides | null {
  if (Math.min(base.trials.length, head.trials.length) < FEWEST_TRIALS) return null;
  return {
    base: locatedFrom(base.trials.map(({ log }) => log)),
    head: locatedFrom(head.trials.map(({ log }) => log)),
  };
}

/** Of a server that is busier than this, a machine that is a little slower may make anything. */
const BUSIEST = 0.95;

/**
 * How latency changed beyond what a queue makes of requests that take longer. Where a server is busy for a share ρ of the time, requests
 * of s take s ÷ (1 - ρ) in a queue of Poisson arrivals and exponential work (Kleinrock 1975, Queueing Systems I, 3.2), in every percentile; on
 * a machine that needs y times as long for the same work, y·s ÷ (1 - y·ρ). Work that varies less, several workers and time spent waiting
 * for others all make less of it, so that it is at most this.
 */
function beyondQueue(own: Sides, speed: Sides, busy: number): Sides {
  const { point, standardError, degreesOfFreedom } = changeOf(speed);
  const idle = (slower: number): number => Math.max(1 - BUSIEST, 1 - slower * busy);
  const slower = Math.exp(point);
  const explained = {
    point: point + Math.log(idle(1)) - Math.log(idle(slower)),
    standardError: standardError / idle(slower),
    degreesOfFreedom,
    outlying: [],
  };
  const rounds = (sides: Sides): number => Math.min(sides.base.rounds, sides.head.rounds);
  return {
    base: { ...explained, rounds: rounds(speed) },
    head: { ...changeOf(own), rounds: rounds(own) },
  };
}

/** Of the busiest part of the server, at most 1: event loops, and of a server whose inside is not known its busiest thread. */
function busyShare({ valid }: CellSide): number {
  const shares = valid.map(({ measurement: { server, windowMs } }) => {
    const loops = [...(server.workers ?? []), ...(server.front === null ? [] : [server.front])];
    if (loops.length > 0) return Math.max(...loops.map(({ utilisation }) => utilisation));
    return server.busiestThread ?? server.cpuMs / windowMs;
  });
  return shares.length === 0 ? 0 : Math.min(1, mean(shares));
}
