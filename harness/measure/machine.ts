/** What the whole machine did, from `/proc/stat`. */
import { readFileSync } from 'node:fs';
import type { Measurement } from '../store/schema.ts';

/** Cumulative time of all CPUs, in ticks. */
export interface MachineTicks {
  readonly cpus: number;
  readonly total: number;
  readonly idle: number;
  readonly steal: number;
}

/** Parses `/proc/stat` (proc_stat(5)): user nice system idle iowait irq softirq steal; guest time is within user. */
export function parseMachineTicks(text: string): MachineTicks | null {
  const lines = text.split('\n');
  const fields = lines
    .find((line) => line.startsWith('cpu '))
    ?.trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  if (fields === undefined || fields.length < 8 || fields.some((field) => !Number.isFinite(field))) return null;
  const total = fields.reduce((sum, field) => sum + field, 0);
  return {
    cpus: lines.filter((line) => /^cpu\d/.test(line)).length,
    total,
    idle: (fields[3] ?? 0) + (fields[4] ?? 0),
    steal: fields[7] ?? 0,
  };
}

/** null where there is no `/proc/stat`. */
export function readMachineTicks(): MachineTicks | null {
  try {
    return parseMachineTicks(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return null;
  }
}

/** Shares of the time between two readings; null when there are none or no tick has passed. */
export function machineBetween(before: MachineTicks | null, after: MachineTicks | null): Measurement['machine'] {
  if (before === null || after === null || after.total <= before.total) return null;
  const total = after.total - before.total;
  return {
    cpus: Math.max(1, after.cpus),
    idle: Math.max(0, after.idle - before.idle) / total,
    steal: Math.max(0, after.steal - before.steal) / total,
  };
}
