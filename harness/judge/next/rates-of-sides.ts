/** The rates that both sides of an `ab` are offered: of what the slower one carries alone, so that neither only queues. */
import { rateCell } from '../../plan/schedule/cells.ts';
import { median } from '../../stats/spread.ts';
import type { Addition, Cell, LatencyPlan, Measurement, Run, ScenarioPlan } from '../../store/schema.ts';
import { cpuShares, cpusOfServer, impliedCapacity } from '../bottleneck/cpus.ts';
import { trialsOf, validOf } from '../cell/summary.ts';
import { commonRates } from './further.ts';

interface BothRuns {
  readonly base: Run;
  readonly head: Run;
}

/** How much there is time for. */
export interface Room {
  readonly batch: number;
  readonly rounds: number;
  /** For the window of a trial. */
  readonly windowMs: number;
}

/** The rates of one scenario, in these of its cells. No cells where nothing is known that a share could be of. */
export function ratesOfSides(runs: BothRuns, plan: ScenarioPlan, cells: readonly Cell[], room: Room): Addition {
  const { latency } = runs.base.manifest;
  const hasShares = plan.rates.some(({ kind }) => kind === 'share');
  const basis = hasShares ? slowest(runs, cells) : null;
  const { rounds, batch } = room;
  return commonRates({ plan, rates: plan.rates, basis, cells, rounds, batch }, (cell, rate) => {
    const measureMs = rateWindowMs(rate, latency, room.windowMs);
    return rateCell(cell, rate, { ...latency, mayStretch: false, measureMs }, { kind: 'rate', rounds: 1 });
  });
}

type Basis = Extract<Addition['why'], { kind: 'common' }>['basis'];

function slowest(runs: BothRuns, cells: readonly Cell[]): Basis {
  const all = cells.flatMap((cell) =>
    (['base', 'head'] as const).flatMap((side) => {
      const alone = alonePerSec(runs, cell, side);
      return alone === null ? [] : [{ cell: cell.id, ...alone, side }];
    }),
  );
  return all.toSorted((a, b) => a.requestsPerSec - b.requestsPerSec)[0] ?? null;
}

/** Where the CPUs of the server are idle for less, what one side takes the other one lacks. */
const CPUS_IDLE = 0.1;

/**
 * What a side can serve alone: what it served, and in a duet that kept the CPUs busy as much more as it would have had CPU time
 * without the other: twice as much at most, because one that had less than its half did not lack CPU time, and no more than its threads
 * can do with a CPU each. Median over the rounds that both have. Null without one.
 */
function alonePerSec(runs: BothRuns, cell: Cell, side: 'base' | 'head') {
  const { ab, environment } = runs.base.manifest;
  const other = side === 'base' ? 'head' : 'base';
  const beside = new Map(validOf(trialsOf(runs[other].trials, cell.id)).map((one) => [one.round, one.measurement]));
  const each = validOf(trialsOf(runs[side].trials, cell.id)).flatMap(({ round, measurement: own }) => {
    const there = beside.get(round);
    if (there === undefined) return [];
    const { idle } = cpuShares(own, { available: environment.availableCpus, placement: cell.placement });
    const isBusy = idle < CPUS_IDLE;
    if (!isBusy || ab?.duet !== true) return [{ perSec: own.requestsPerSec, isBusy }];
    const { requestsPerSec: most } = impliedCapacity(own, cpusOfServer(cell.placement, environment.availableCpus));
    const more = own.requestsPerSec * Math.min(2, 1 / shareOf(own, there));
    return [{ perSec: Math.max(own.requestsPerSec, Math.min(more, most)), isBusy }];
  });
  if (each.length === 0) return null;
  const ranked = each.filter(({ isBusy }) => isBusy).length * 2 > each.length;
  return { requestsPerSec: median(each.map(({ perSec }) => perSec)), ranked };
}

/** Of the CPU time of both. */
function shareOf({ server: own }: Measurement, { server: there }: Measurement): number {
  return own.cpuMs > 0 ? own.cpuMs / (own.cpuMs + there.cpuMs) : 1;
}

/** What a p99 takes in each trial, because trials are what is compared: 500, and a fifth more because a random schedule varies. */
const REQUESTS_FOR_P99 = 600;
/** Where that takes too long, the median can be told. */
const REQUESTS_FOR_P50 = 100;
/** Every budget that has room for rates at all has room for such windows. */
const LONGEST_USUAL_MS = 3000;
const LONGEST_MS = 20_000;

function rateWindowMs(
  requestsPerSec: number,
  { measureMs, mayStretch }: Pick<LatencyPlan, 'measureMs' | 'mayStretch'>,
  roomMs: number,
): number {
  if (!mayStretch) return measureMs;
  const lasting = (requests: number): number => Math.max(measureMs, (1000 * requests) / requestsPerSec);
  const longest = Math.max(LONGEST_USUAL_MS, Math.min(LONGEST_MS, roomMs));
  const wanted = lasting(REQUESTS_FOR_P99);
  return wanted <= longest ? wanted : Math.min(LONGEST_USUAL_MS, lasting(REQUESTS_FOR_P50));
}
