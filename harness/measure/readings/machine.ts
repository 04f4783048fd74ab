/** Idle and stolen time of the CPUs of the machine, from `/proc/stat`. */
import { readFileSync } from 'node:fs';
import type { Measurement } from '../../store/schema.ts';

/** Cumulative time of one CPU, in ticks. */
interface CpuTicks {
  readonly total: number;
  readonly idle: number;
  readonly steal: number;
}

/** By number of the CPU. */
export type MachineTicks = ReadonlyMap<number, CpuTicks>;

/** Parses `/proc/stat` (proc_stat(5)): user nice system idle iowait irq softirq steal; guest time is within user. */
export function parseMachineTicks(text: string): MachineTicks | null {
  const ticks = new Map<number, CpuTicks>();
  for (const line of text.split('\n')) {
    const [, id, columns = ''] = /^cpu(\d+)\s+(.*)$/.exec(line) ?? [];
    if (id === undefined) continue;
    const fields = columns.trim().split(/\s+/).slice(0, 8).map(Number);
    if (fields.length < 8 || fields.some((field) => !Number.isFinite(field))) return null;
    const total = fields.reduce((sum, field) => sum + field, 0);
    ticks.set(Number(id), { total, idle: (fields[3] ?? 0) + (fields[4] ?? 0), steal: fields[7] ?? 0 });
  }
  return ticks.size === 0 ? null : ticks;
}

/** null where there is no `/proc/stat`. */
export function readMachineTicks(): MachineTicks | null {
  try {
    return parseMachineTicks(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Shares of the time between two readings, over these CPUs or, without a list, over all; null when there are none or no tick
 * has passed.
 */
export function machineBetween(
  before: MachineTicks | null,
  after: MachineTicks | null,
  cpus: readonly number[] | null,
): Measurement['machine'] {
  if (before === null || after === null) return null;
  let count = 0;
  let [total, idle, steal] = [0, 0, 0];
  for (const [id, to] of after) {
    const from = before.get(id);
    if (from === undefined || (cpus !== null && !cpus.includes(id))) continue;
    count++;
    total += to.total - from.total;
    // The idle counter of a CPU may go backwards (proc_stat(5)).
    idle += Math.max(0, to.idle - from.idle);
    steal += Math.max(0, to.steal - from.steal);
  }
  return count === 0 || total <= 0 ? null : { cpus: count, idle: Math.min(1, idle / total), steal: steal / total };
}
