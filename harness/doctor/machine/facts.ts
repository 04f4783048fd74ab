/** Reads what the doctor needs to know about the machine. null where the system does not tell. */
import { cpus, loadavg, platform } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { availableCpus } from '../../measure/host/available-cpus.ts';
import { affinity, openFilesLimit } from '../../measure/host/facts.ts';
import { readLine, readOrNull } from '../../measure/host/system-file.ts';
import { markKind } from '../../measure/processes/tree.ts';
import { type MachineTicks, machineBetween, readMachineTicks } from '../../measure/readings/machine.ts';
import type { BusyFacts, QuietFacts } from './checks.ts';

/** Long enough for a share of 1% to be two of the ticks that the kernel counts on two CPUs. */
const SAMPLE_MS = 1000;
const CLOCK_READINGS = 100_000;

/** Takes a second, in which this process is idle. */
export async function readQuietFacts(signal: AbortSignal): Promise<QuietFacts> {
  const loadAverage = platform() === 'win32' ? null : (loadavg()[0] ?? null);
  const before = readMachineTicks();
  await setTimeout(SAMPLE_MS, undefined, { signal });
  const machine = machineBetween(before, readMachineTicks(), affinity(readOrNull));
  return {
    availableCpus: availableCpus(),
    usedByOthers: machine === null ? null : 1 - machine.idle,
    loadAverage,
    governors: governors(cpus().length),
    openFiles: openFilesLimit(),
    clockSource: readLine(readOrNull, '/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    clockStepUs: clockStepUs(),
    processMark: markKind(),
  };
}

/** Begins to watch. The returned function returns what has happened since. */
export function watchMachine(): () => BusyFacts {
  const [ticks, wallMs, monotonicMs] = [readMachineTicks(), Date.now(), performance.now()];
  return () => {
    const elapsedMs = performance.now() - monotonicMs;
    const clockDriftMs = Date.now() - wallMs - elapsedMs;
    return { steal: stealBetween(ticks, readMachineTicks()), elapsedMs, clockDriftMs };
  };
}

/**
 * Stolen time as a share of the CPU time that was wanted. As a share of all time it would shrink with every idle CPU, from which
 * nothing can be stolen. null where the system does not tell, or nothing was wanted.
 */
export function stealBetween(before: MachineTicks | null, after: MachineTicks | null): number | null {
  const machine = machineBetween(before, after, null);
  return machine === null || machine.idle >= 1 ? null : machine.steal / (1 - machine.idle);
}

function governors(count: number): QuietFacts['governors'] {
  const files = Array.from({ length: count }, (_, i) => `/sys/devices/system/cpu/cpu${i}/cpufreq/scaling_governor`);
  const names = new Set(files.map((file) => readLine(readOrNull, file)).filter((name) => name !== null));
  return names.size === 0 ? null : [...names].toSorted();
}

/** The smallest step between readings that differ: a coarse clock shows as such, however fast it is read. */
function clockStepUs(): number {
  let smallestMs = Number.POSITIVE_INFINITY;
  let lastMs = performance.now();
  for (let i = 0; i < CLOCK_READINGS || smallestMs === Number.POSITIVE_INFINITY; i++) {
    const nowMs = performance.now();
    if (nowMs > lastMs) smallestMs = Math.min(smallestMs, nowMs - lastMs);
    lastMs = nowMs;
  }
  return smallestMs * 1000;
}
