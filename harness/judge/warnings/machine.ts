/** What a reader must know about the machine. */
import { median } from '../../stats/spread.ts';
import type { Manifest, Trial } from '../../store/schema.ts';
import { measurementsOf } from '../cell/summary.ts';
import type { Warning } from '../schema/summary.ts';
import type { Told } from './not-idle.ts';

/** More than this share of the CPU time taken by the hypervisor shows in every figure. */
const STEAL_MATTERS = 0.02;
/** A load average above this share of the CPUs before the run: something else was at work. */
const LOAD_MATTERS = 0.3;
/** Corrections of the clock move it by less within a trial. */
const CLOCK_STEP_MS = 100;
/** Governors that lower the clock rate of a CPU which is not busy. */
const SLOW_TO_WAKE = ['powersave', 'conservative'];

export function machineWarnings(manifest: Manifest, trials: readonly Trial[]): Told[] {
  return [
    ...placed(manifest),
    ...quota(manifest),
    ...governor(manifest),
    ...load(manifest),
    ...steal(trials),
    ...clockStep(trials),
    ...fallbacks(trials),
  ];
}

function placed({ placement, environment, cells }: Manifest): Warning[] {
  if (placement.kind === 'isolated' || cells.every((cell) => cell.placement.kind === 'isolated')) return [];
  const { count } = environment.availableCpus;
  const { why } = placement;
  switch (why) {
    case 'no-taskset':
      return [
        {
          code: 'no-taskset',
          message: 'the load generator shared the CPUs of the server, because processes cannot be bound to CPUs here',
          nextStep: 'on Linux install taskset (util-linux), or give --isolate 0 to share CPUs on purpose',
        },
      ];
    case 'few-cpus':
      return [
        {
          code: 'shared-cpus',
          message: `the load generator shared ${count} CPU${count === 1 ? '' : 's'} with the server, too few to reserve one`,
          nextStep:
            'check limited by: what the generator or the machine limited is not ranked; with four CPUs or more the generator gets its own',
        },
      ];
    case 'asked':
      return [];
    default:
      return why satisfies never;
  }
}

function quota({ environment: { quotaCpus, availableCpus } }: Manifest): Warning[] {
  if (quotaCpus === null || availableCpus.decidedBy !== 'quota') return [];
  return [
    {
      code: 'quota',
      message: `a quota of ${quotaCpus} CPUs applies to all processes together, so a burst of one stops the others${partText(quotaCpus, availableCpus.count)}`,
      nextStep: 'give the container whole CPUs (--cpuset-cpus) instead of a share of their time (--cpus)',
    },
  ];
}

/** Workers are as many as the quota rounded up. */
function partText(quota: number, count: number): string {
  const part = quota - Math.floor(quota);
  if (part === 0 || count !== Math.ceil(quota)) return '';
  const ordinal = ['', 'the worker', 'the second worker', 'the third worker'][count] ?? `the last of ${count} workers`;
  return `; ${ordinal} has ${part === 0.5 ? 'half a CPU' : `${Number(part.toPrecision(2))} of a CPU`}`;
}

function governor({ environment }: Manifest): Warning[] {
  if (environment.governor === null || !SLOW_TO_WAKE.includes(environment.governor)) return [];
  return [
    {
      code: 'governor',
      message: `the CPU governor is ${environment.governor}, so the clock rate follows the load`,
      nextStep: 'set it to performance (cpupower frequency-set -g performance) while measuring',
    },
  ];
}

function load({ environment: { loadBefore, availableCpus } }: Manifest): Told[] {
  if (loadBefore === null || loadBefore <= LOAD_MATTERS * availableCpus.host) return [];
  const average = `load average ${loadBefore.toFixed(1)} on ${availableCpus.host} CPUs`;
  return [
    {
      code: 'load',
      ifBusy: { of: [], text: `${average} before the run` },
      message: `the machine was not idle before the run: ${average}`,
      nextStep: 'stop other programs and measure again; fourways doctor shows when the machine is quiet',
    },
  ];
}

function steal(trials: readonly Trial[]): Warning[] {
  const shares = measurementsOf(trials).flatMap(({ machine }) => (machine === null ? [] : [machine.steal]));
  if (shares.length === 0 || median(shares) <= STEAL_MATTERS) return [];
  return [
    {
      code: 'steal',
      message: `the hypervisor gave ${(100 * median(shares)).toFixed(1)}% of the CPU time to other machines, at worst ${(100 * Math.max(...shares)).toFixed(1)}%`,
      nextStep: 'measure at another time, or on a machine with CPUs of its own',
    },
  ];
}

function clockStep(trials: readonly Trial[]): Warning[] {
  const steps = trials.filter(({ clockStepMs }) => Math.abs(clockStepMs) > CLOCK_STEP_MS);
  if (steps.length === 0) return [];
  const largest = Math.max(...steps.map(({ clockStepMs }) => Math.abs(clockStepMs)));
  return [
    {
      code: 'clock-step',
      message: `the system clock was moved during ${steps.length} trial${steps.length === 1 ? '' : 's'}, by up to ${(largest / 1000).toFixed(1)} s`,
      nextStep: 'nothing needs to be done: figures are on the monotonic clock; only the times of day may be off',
    },
  ];
}

function fallbacks(trials: readonly Trial[]): Warning[] {
  const measurements = measurementsOf(trials);
  const warnings: Warning[] = [];
  if (measurements.some(({ memory }) => memory.kind === 'rss')) {
    warnings.push({
      code: 'memory-fallback',
      message: 'memory is a sum of resident sizes, which counts pages that processes share once for each of them',
      nextStep: 'do not compare models by memory here; Linux reports proportional sizes (PSS)',
    });
  }
  const noThreads = measurements.some(({ server }) => (server.workers ?? []).some(({ cpuMs }) => cpuMs === null));
  if (noThreads || measurements.some(({ machine }) => machine === null)) {
    warnings.push({
      code: 'no-thread-times',
      message:
        'the system does not report CPU time per thread or idle CPU time, so labels rest on event-loop utilisation alone',
      nextStep: 'measure on Linux for labels that hold when CPUs are scarce',
    });
  }
  return warnings;
}
