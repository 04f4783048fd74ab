/**
 * The yardstick: work that is the same in every run of every day, measured once in each round. Where it takes longer than in another
 * run, the machine was slower and not the code.
 */
import type { Cell, Placement, ScenarioPlan, Trial } from '../../store/schema.ts';

/** Its cell and its plan. No cell of a scenario has such a name, because theirs have a slash. */
export const YARDSTICK = 'yardstick';

/** The kernel that it runs: of this scenario, in a single process. */
export const YARDSTICK_KERNEL = { scenario: 'cpu', model: 'single' } as const;

/**
 * Iterations of the kernel in each request: 2 ms on a server CPU of 2026. Not calibrated, or the work would follow the speed of the
 * machine. Never to be changed: figures of runs before and after could not be set side by side.
 */
export const YARDSTICK_ITERATIONS = 1000;

/** Its kernel is compiled within a few requests; what is not by then is the same in every run. */
export const YARDSTICK_TIMES = { warmUpLimitMs: 500, measureMs: 500 } as const;

/** Enough to keep one worker busy. The last readings of a trial wait for all requests under way. */
const CONNECTIONS = 4;

/** Placed as a single process with the same generators would be. */
export function yardstickCell(placement: Placement): Cell {
  return {
    id: YARDSTICK,
    scenario: YARDSTICK,
    model: YARDSTICK_KERNEL.model,
    style: 'alone',
    workers: 1,
    connections: Math.max(CONNECTIONS, placement.generators),
    connectionMode: 'keep-alive',
    load: { kind: 'capacity' },
    placement,
    unable: null,
  };
}

/** Whether two runs measured the same work in the same way. */
export function isSameYardstick(
  a: { readonly cell: Cell; readonly plan: ScenarioPlan },
  b: { readonly cell: Cell; readonly plan: ScenarioPlan },
): boolean {
  return (
    a.plan.name === b.plan.name && a.plan.iterations === b.plan.iterations && a.cell.connections === b.cell.connections
  );
}

export function isOfYardstick({ cell }: Pick<Trial, 'cell'>): boolean {
  return cell === YARDSTICK;
}
