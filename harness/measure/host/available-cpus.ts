/** How many CPUs this process may use. */
import { availableParallelism, cpus } from 'node:os';
import type { Environment } from '../../store/schema.ts';
import { readOrNull } from './system-file.ts';

export type AvailableCpus = Environment['availableCpus'];

/**
 * CPUs that a cgroup lets this process use, from `cpu.max` (version 2) or the CFS quota and period (version 1); null
 * without a quota. A quota of a parent group binds too, so every level counts.
 */
export function quotaCpus(read: (path: string) => string | null): number | null {
  const groups = (read('/proc/self/cgroup') ?? '').split('\n');
  const quotas = groups.flatMap((line) => {
    // A path may hold colons itself, so only the first two separate.
    const [, controllers = '', path = '/'] = /^[^:]*:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === '') {
      return levels(path).map((level) => parseQuota(...split(read(`/sys/fs/cgroup${level}cpu.max`))));
    }
    if (!controllers.split(',').includes('cpu')) return [];
    return levels(path).flatMap((level) =>
      [`/sys/fs/cgroup/cpu${level}`, `/sys/fs/cgroup/cpu,cpuacct${level}`].map((folder) =>
        parseQuota(read(`${folder}cpu.cfs_quota_us`), read(`${folder}cpu.cfs_period_us`)),
      ),
    );
  });
  const set = quotas.filter((quota) => quota !== null);
  return set.length === 0 ? null : Math.min(...set);
}

/** `count` is rounded up: a quota of 1.5 CPUs keeps one worker busy, and half of a second one. */
export function countCpus(host: number, affinity: number, quota: number | null): AvailableCpus {
  const capacity = Math.min(affinity, quota ?? affinity);
  const decidedBy = quota !== null && quota < affinity ? 'quota' : affinity < host ? 'affinity' : 'host';
  return { count: Math.max(1, Math.ceil(capacity)), capacity, host, decidedBy };
}

/**
 * Reads the host. `availableParallelism` takes the affinity into account, and in some versions of Node the quota as well. It also
 * works where `cpus` is empty, as on Linux without `/proc`.
 */
export function availableCpus(): AvailableCpus {
  const usable = availableParallelism();
  return countCpus(Math.max(usable, cpus().length), usable, quotaCpus(readOrNull));
}

function levels(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}/`).concat('/');
}

function split(text: string | null): [string | null, string | null] {
  const [quota = null, period = null] = text?.trim().split(/\s+/) ?? [];
  return [quota, period];
}

function parseQuota(quota: string | null, period: string | null): number | null {
  const cpusAllowed = Number(quota ?? 'none') / Number(period ?? 'none');
  return cpusAllowed > 0 && Number.isFinite(cpusAllowed) ? cpusAllowed : null;
}
