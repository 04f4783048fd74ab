/** Findings about the machine: is it fit to measure? Pure functions of what was read of it. */
import { cpuShares } from '../../judge/bottleneck/cpus.ts';
import type { Environment, Measurement } from '../../store/schema.ts';
import { type Mark, UNFOUND_STEP, unfound } from '../../measure/processes/tree.ts';
import { type Finding, judged, levelAbove, ok, percent, UNTOLD } from '../finding.ts';
import { BESIDE } from '../truths/known.ts';

/** The machine before anything was started. null where the system does not tell. */
export interface QuietFacts {
  readonly availableCpus: Environment['availableCpus'];
  /** Share of all CPU time that others used, 0 to 1, while fourways did nothing. */
  readonly usedByOthers: number | null;
  /** Load average of the last minute. */
  readonly loadAverage: number | null;
  /** Frequency governors of the CPUs, each once. */
  readonly governors: readonly string[] | null;
  /** Files, including sockets, that a process may have open; null also without a limit. */
  readonly openFiles: number | null;
  /** What the kernel reads the time from. */
  readonly clockSource: string | null;
  /** Smallest step of the monotonic clock, in microseconds. */
  readonly clockStepUs: number;
  /** What processes that are started here can be known by. */
  readonly processMark: Mark['kind'];
}

/** What was seen while the doctor measured. */
export interface BusyFacts {
  /** Share of the CPU time wanted that the hypervisor gave to others, 0 to 1. */
  readonly steal: number | null;
  readonly elapsedMs: number;
  /** How far the system clock ran ahead of the monotonic one in that time, in milliseconds. */
  readonly clockDriftMs: number;
}

export function machineFindings(quiet: QuietFacts, busy: BusyFacts): readonly Finding[] {
  return [
    freeCpu(quiet),
    load(quiet),
    steal(busy),
    quota(quiet),
    governor(quiet),
    openFiles(quiet),
    clockStep(quiet),
    clockSource(quiet),
    clockDrift(busy),
    leftProcesses(quiet),
  ];
}

/** From 15% on a trial is labelled as limited by the machine (`judge/limited-by.ts`). */
function freeCpu({ usedByOthers, availableCpus }: QuietFacts): Finding {
  // Under a quota the idle time of the host says nothing about what is left for this process.
  if (usedByOthers === null || availableCpus.decidedBy === 'quota') return ok('free CPU', UNTOLD);
  const level = levelAbove(usedByOthers, 0.05, 0.15);
  const step = 'End other programs (top lists them): the CPU time that they use is missing from the figures.';
  return judged('free CPU', level, `${percent(1 - usedByOthers)} free, others use ${percent(usedByOthers)}`, step);
}

/** It looks back one minute, and a doctor that has just run leaves a load of 1 to 2. So the limit for unfit is high. */
function load({ loadAverage, availableCpus: { host } }: QuietFacts): Finding {
  if (loadAverage === null) return ok('load average', UNTOLD);
  const level = levelAbove(loadAverage / host, 0.7, 2);
  const value = `${loadAverage.toFixed(2)} over the last minute, on ${cpusText(host)}`;
  return judged('load average', level, value, 'Wait a minute; if it stays high, end other programs.');
}

/** Computing takes longer by this share, and no other figure shows why. */
function steal({ steal: share }: BusyFacts): Finding {
  if (share === null) return ok('steal', UNTOLD);
  const step = 'Other virtual machines take CPU time from this one: try at another time, or use a dedicated machine.';
  return judged('steal', levelAbove(share, 0.02, 0.1), `${percent(share)} of the CPU time wanted`, step);
}

/** A group that has used up its quota is paused for the rest of the period, often for tens of milliseconds. */
function quota({ availableCpus: { capacity, host, decidedBy } }: QuietFacts): Finding {
  const value = `${decidedBy === 'quota' ? `${digits(capacity)} of` : 'none,'} ${cpusText(host)}`;
  if (decidedBy === 'quota') {
    const step = 'Give this container whole CPUs without a quota: when a quota is used up, every process is paused.';
    return judged('CPU quota', capacity < 1 ? 'unfit' : 'caution', value, step);
  }
  const text = decidedBy === 'affinity' ? `${value}, affinity leaves ${digits(capacity)}` : value;
  const step = 'Server and generator share one CPU: use a machine with two or more CPUs.';
  return judged('CPU quota', capacity < 2 ? 'caution' : 'ok', text, step);
}

function governor({ governors }: QuietFacts): Finding {
  if (governors === null) return ok('CPU governor', UNTOLD);
  const step = 'Fix the clock rate while measuring: sudo cpupower frequency-set -g performance';
  const steady = governors.every((name) => name === 'performance');
  return judged('CPU governor', steady ? 'ok' : 'caution', governors.join(', '), step);
}

/** 64 connections is what a run has by default, and the process needs a few dozen files itself. */
function openFiles({ openFiles: limit }: QuietFacts): Finding {
  if (limit === null) return ok('open files', 'no limit, or the system does not tell');
  const level = limit < 128 ? 'unfit' : limit < 1024 ? 'caution' : 'ok';
  const step = 'Raise it in this shell: ulimit -n 4096. Each connection takes one file in server and generator.';
  return judged('open files', level, `${limit.toLocaleString('en-US')} for a process`, step);
}

function clockStep({ clockStepUs }: QuietFacts): Finding {
  const step = 'Latencies cannot be resolved more finely than this: use another machine or another clock source.';
  return judged('clock step', levelAbove(clockStepUs, 10, 1000), `${digits(clockStepUs)} µs`, step);
}

/** Reading a clock outside of the CPU takes a microsecond or more, and each request needs several readings. */
const SLOW_CLOCKS = ['hpet', 'acpi_pm', 'pit', 'jiffies', 'refined-jiffies'];

function clockSource({ clockSource: source }: QuietFacts): Finding {
  if (source === null) return ok('clock source', UNTOLD);
  const step = 'Reading this clock is slow. If the CPU has a stable clock, boot with clocksource=tsc.';
  return judged('clock source', SLOW_CLOCKS.includes(source) ? 'caution' : 'ok', source, step);
}

/**
 * Time services slew by 500 ppm at the most, which is 30 ms in a minute; more is a step, or a machine that was stopped.
 * 3% of the time is what rates may be off by.
 */
function clockDrift({ clockDriftMs, elapsedMs }: BusyFacts): Finding {
  const drift = Math.abs(clockDriftMs);
  const level = drift > 0.03 * elapsedMs ? 'unfit' : drift > 100 ? 'caution' : 'ok';
  const value = `${Math.round(drift)} ms apart after ${Math.round(elapsedMs / 1000)} s`;
  const step =
    'The system time was set, or the machine was suspended: try again, and do not trust any times until then.';
  return judged('clock drift', level, value, step);
}

/** Whether whatever a handler starts is found and ended with its trial. */
function leftProcesses({ processMark: mark }: QuietFacts): Finding {
  const what = 'left processes';
  return mark === 'limit' ? ok(what, 'all are found') : judged(what, 'caution', unfound(mark), UNFOUND_STEP);
}

const WHILE_MEASURING = 'free CPU, measuring';
/** From here on a trial is labelled as limited by the machine when no CPU is idle (`judge/bottleneck/causes.ts`). */
const MATTERS = 0.15;

/**
 * CPU time of other programs while the doctor measured, which may be why a known truth was missed. At most a caution: the known
 * truths and the A/A pairs show whether it did harm.
 */
export function othersFinding(measurements: readonly Measurement[], available: Environment['availableCpus']): Finding {
  // Under a quota the idle time of the host says nothing about what is left for this process.
  if (available.decidedBy === 'quota') return ok(WHILE_MEASURING, UNTOLD);
  const shares = measurements.flatMap((one) => cpuShares(one, { available, placement: BESIDE })?.others ?? []);
  if (shares.length === 0) return ok(WHILE_MEASURING, UNTOLD);
  const disturbed = shares.filter((share) => share > MATTERS).length;
  const most = `others use up to ${(Math.max(...shares) * 100).toFixed(0)}%`;
  const value = disturbed === 0 ? most : `${most}, in ${disturbed} of ${shares.length} trials`;
  const step = 'Other programs ran during the measurement: end them and try again.';
  return judged(WHILE_MEASURING, disturbed === 0 ? 'ok' : 'caution', value, step);
}

function cpusText(count: number): string {
  return `${count} CPU${count === 1 ? '' : 's'}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
