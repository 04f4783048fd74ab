/** What serving and sending took in each cell, beyond what a summary holds. */
import { median, medianOrNull } from '../../stats/spread.ts';
import type { Measurement } from '../../store/schema.ts';
import { loopsOf } from '../../store/server-schema.ts';

/** Medians over the valid trials of one cell; shares are 0 to 1. */
export interface Effort {
  /** Id of the cell. */
  readonly cell: string;
  /** Requests that completed within the windows, all trials together. */
  readonly requests: number;
  /** CPU time of all server processes per request, in the program itself and in the kernel on its behalf. */
  readonly cpuMs: { readonly user: number; readonly system: number };
  /** Share of the window in which the loop that had to wait longest for a CPU was ready and had none; null where not known. */
  readonly queued: number | null;
  /** Requests that waited in asynchronous handler code at a time, all loops together; null where the inside is not known. */
  readonly waiting: number | null;
  readonly generators: {
    readonly count: number;
    /** Those of all generators together; at a given rate those open from the start. */
    readonly connections: number;
    /** Share of the window in which the event loop of the busiest one was not waiting. */
    readonly busiest: number;
  };
  /** Share of the window in which the busiest thread of a service had a CPU; null without services, or where not known. */
  readonly services: number | null;
  /** Share of the time of the CPUs of this process that nobody used; null where the system does not report it. */
  readonly idle: number | null;
  /** CPUs that the harness itself took. */
  readonly harnessCpus: number;
}

/** None without a valid trial. */
export function effortsOf(cell: string, trials: readonly Measurement[]): Effort[] {
  const [first] = trials;
  if (first === undefined) return [];
  const middle = (of: (trial: Measurement) => number): number => median(trials.map(of));
  return [
    {
      cell,
      requests: trials.reduce((sum, { requests }) => sum + requests, 0),
      cpuMs: {
        user: middle((trial) => perRequest(trial, 'userMs')),
        system: middle((trial) => perRequest(trial, 'systemMs')),
      },
      queued: medianOrNull(trials.map(queuedShare)),
      waiting: medianOrNull(
        trials.map(({ server }) => (server.workers === null ? null : sumOf(loopsOf(server), ({ waiting }) => waiting))),
      ),
      generators: {
        count: first.generators.length,
        connections: sumOf(first.generators, ({ connections }) => connections),
        busiest: middle(({ generators }) => Math.max(...generators.map(({ utilisation }) => utilisation))),
      },
      services: medianOrNull(trials.map(busiestService)),
      idle: medianOrNull(trials.map(({ machine }) => machine?.idle ?? null)),
      harnessCpus: middle(({ harnessCpuMs, windowMs }) => harnessCpuMs / windowMs),
    },
  ];
}

/** A part of the CPU time per request, so that both parts add up to it whatever the window of the server was. */
function perRequest({ server }: Measurement, part: 'userMs' | 'systemMs'): number {
  const whole = server.userMs + server.systemMs;
  return whole === 0 ? 0 : (server.cpuMsPerRequest * server[part]) / whole;
}

function queuedShare(trial: Measurement): number | null {
  const known = loopsOf(trial.server).flatMap(({ queuedMs }) => queuedMs ?? []);
  return known.length === 0 ? null : Math.max(...known) / trial.windowMs;
}

function busiestService({ services }: Measurement): number | null {
  if (services === null || services.length === 0) return null;
  return Math.max(...services.map(({ busiestThread }) => busiestThread));
}

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}
