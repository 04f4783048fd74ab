/** What `ab` was asked to do, complete and checked. */
import { UserError } from '../../errors.ts';
import { NO_SERVICE } from './service.ts';
import { parseFailAbove } from './values.ts';
import { type Choices, type RunOptions, type RunRequest, resolveOptions } from './run.ts';

/** The flags that mean the same as those of `run`. */
export type AbFlags = Pick<
  RunRequest,
  | 'model'
  | 'rounds'
  | 'budget'
  | 'margin'
  | 'duration'
  | 'timeout'
  | 'seed'
  | 'generators'
  | 'isolate'
  | 'retries'
  | 'connectionMode'
  | 'rate'
> & {
  readonly workers?: number | undefined;
  readonly connections?: number | undefined;
  /** Such as `10%`. */
  readonly failAbove?: string | undefined;
};

export interface AbOptions
  extends Omit<RunOptions, 'preset' | 'connections' | 'scenarios' | 'services' | 'externals' | 'runtimes' | 'series'> {
  /** Null when they were not given: then they follow from the workers. */
  readonly connections: number | null;
  /** Both sides at the same time, instead of one right after the other. */
  readonly duet: boolean;
  /** Whether the budget is that of one cell, because none was given. */
  readonly isBudgetPerCell: boolean;
  /** What it fails above, as a share; null where the margin decides. */
  readonly failAbove: number | null;
}

/** In place of a preset. */
export const AB = 'ab';

/** A change shows in one worker as well as in many, and one is busy with less to disturb it. */
const MODELS: readonly string[] = ['single'];
/** Measured in any case: the first look. */
const ROUNDS = 3;
/** What is measured is found elsewhere, for both sides. */
const NO_COMMAND = { command: undefined, ready: undefined };
/** For each cell. */
const BUDGET = '60s';
/** Of what both sides carry alone: no queue decides there, and everything that a user waits for shows. */
const RATES: readonly string[] = ['50%'];
/** Launches differ more than the windows of one launch do, so many short ones show more than a few long ones. */
const MEASURE_MS = 800;
/** They keep a worker busy, and its queue is short enough for it to answer at once when it is asked for its usage. */
const CONNECTIONS_PER_WORKER = 16;

/**
 * Fills in the defaults and checks every value. Where both sides can have one CPU to themselves, a duet resolves changes
 * that are a quarter of those that can be seen in turn, so it is what is done unless something else is asked for. Throws
 * UserError.
 */
export function resolveAbOptions(
  flags: AbFlags,
  duet: boolean | undefined,
  choices: Omit<Choices, 'defaultScenarios' | 'defaultModels'>,
): AbOptions {
  if (flags.rounds !== undefined && flags.rounds < ROUNDS) {
    throw new UserError(`--rounds ${flags.rounds}: an interval takes ${ROUNDS} rounds or more`);
  }
  const budget = flags.budget ?? (flags.rounds === undefined ? BUDGET : undefined);
  const model = flags.model ?? MODELS;
  const onOneCpu = placed(flags, model, choices);
  const rate = flags.rate ?? RATES;
  const request = { ...flags, ...NO_SERVICE, ...NO_COMMAND, ...onOneCpu, budget, model, preset: 'quick', rate };
  const {
    preset: _,
    scenarios: __,
    services: ___,
    externals: ____,
    runtimes: _____,
    series: ______,
    ...options
  } = resolveOptions(request, { ...choices, defaultScenarios: [], defaultModels: MODELS });
  return {
    ...options,
    connections: flags.connections ?? null,
    rounds: flags.rounds ?? ROUNDS,
    measureMs: flags.duration === undefined ? MEASURE_MS : options.measureMs,
    duet: duet ?? onOneCpu !== null,
    isBudgetPerCell: flags.budget === undefined && flags.rounds === undefined,
    failAbove: parseFailAbove(flags.failAbove, options.margin),
  };
}

/**
 * A single process needs one CPU, and so do two of them in a duet: what else happens on that CPU then happens to both, and
 * the scheduler gives each the same time. The generators get the others. Measured on two shared CPUs, the ratio of two equal
 * sides in a duet varied by 0.6% (sd) in CPU time per request and by 0.9% in throughput, instead of by 3% and 9%.
 */
function placed(
  { generators, isolate }: AbFlags,
  models: readonly string[],
  { cpus }: Pick<Choices, 'cpus'>,
): Pick<AbFlags, 'generators' | 'isolate'> | null {
  const isOneProcess = models.every((name) => MODELS.includes(name));
  if (isolate !== undefined || !isOneProcess || cpus.count < 2 || cpus.affinity === null || !cpus.canBind())
    return null;
  return { isolate: cpus.count - 1, generators: generators ?? 1 };
}

/** The same for every cell: enough for the one with most workers, and for every generator. */
export function abConnections({ connections, placement }: AbOptions, mostWorkers: number): number {
  return connections ?? Math.max(CONNECTIONS_PER_WORKER * mostWorkers, placement.generators);
}

/** Null when the number of rounds was given. */
export function abBudgetMs({ budgetMs, isBudgetPerCell }: AbOptions, cells: number): number | null {
  return budgetMs === null || !isBudgetPerCell ? budgetMs : budgetMs * Math.max(1, cells);
}
