/** What Linux says of the CPUs, the clock and the limits of this machine. Elsewhere, and where it is silent: null. */
import { spawnSync } from 'node:child_process';
import { platform } from 'node:os';
import type { CpusToPlace } from '../../plan/options/placement.ts';
import type { Environment } from '../../store/schema.ts';
import { availableCpus, quotaCpus } from './available-cpus.ts';
import { formatCpuList, parseCpuList } from './cpu-list.ts';
import { type ReadFile, readLine, readOrNull } from './system-file.ts';

const CPUS = '/sys/devices/system/cpu';
const SHELL_LIMIT_MS = 2000;

/** The part of the environment that files of the kernel tell; for units see the schema. */
export type HostFacts = Pick<
  Environment,
  'physicalCpus' | 'smt' | 'affinity' | 'quotaCpus' | 'governor' | 'clockSource'
>;

/** Reads all of them. */
export function hostFacts(read: ReadFile): HostFacts {
  return {
    ...topology(read),
    affinity: affinity(read),
    quotaCpus: quotaCpus(read),
    governor: readLine(read, `${CPUS}/cpu0/cpufreq/scaling_governor`),
    clockSource: readLine(read, '/sys/devices/system/clocksource/clocksource0/current_clocksource'),
  };
}

/**
 * For each online CPU the CPUs that share its core, itself included, in ascending order; null when that is unknown of
 * any of them.
 */
export function coreSiblings(read: ReadFile): ReadonlyMap<number, readonly number[]> | null {
  const online = parseCpuList(read(`${CPUS}/online`) ?? '');
  if (online === null) return null;
  const isOnline = new Set(online);
  const siblings = new Map<number, readonly number[]>();
  for (const cpu of online) {
    // LXCFS hides CPUs from `online` and leaves them in the topology, so a list may name more than there are.
    const named = parseCpuList(read(`${CPUS}/cpu${cpu}/topology/thread_siblings_list`) ?? '');
    const sharing = named?.filter((sibling) => isOnline.has(sibling)) ?? [];
    if (!sharing.includes(cpu)) return null;
    siblings.set(cpu, sharing);
  }
  return siblings;
}

/**
 * Files that this process may hold open: the soft limit; null without a limit, or where the system does not tell. Node.js
 * raises it to the hard limit when it starts, and child processes inherit it, so it may be more than the user's shell says.
 */
export function openFilesLimit(
  read: ReadFile = readOrNull,
  askShell: () => string | null = shellOpenFilesLimit,
): number | null {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(read('/proc/self/limits') ?? '') ?? [];
  const limit = Number(soft ?? askShell() ?? 'unlimited');
  return Number.isSafeInteger(limit) && limit > 0 ? limit : null;
}

/** Counts cores by their siblings. Core numbers would do only together with those of package and die. */
function topology(read: ReadFile): Pick<HostFacts, 'physicalCpus' | 'smt'> {
  const siblings = coreSiblings(read);
  const active = readLine(read, `${CPUS}/smt/active`);
  if (siblings === null) return { physicalCpus: null, smt: active === '1' ? true : active === '0' ? false : null };
  const cores = [...siblings.values()];
  const seen = cores.some((core) => core.length > 1);
  // Where a container is shown one hardware thread of each core, only the kernel knows of the others.
  return { physicalCpus: new Set(cores.map(formatCpuList)).size, smt: seen || active === '1' };
}

/** CPUs that the scheduler may put this process on; null where the system does not tell. */
export function affinity(read: ReadFile): readonly number[] | null {
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(read('/proc/self/status') ?? '') ?? [];
  return parseCpuList(list);
}

/** What `ulimit -n` prints; null on Windows, which has no such limit, and when there is no answer. */
function shellOpenFilesLimit(): string | null {
  if (platform() === 'win32') return null;
  const { status, stdout } = spawnSync('sh', ['-c', 'ulimit -n'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: SHELL_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  return status === 0 ? stdout.trim() : null;
}

/** What this machine offers for placing server and generators. */
export function cpusToPlace(): CpusToPlace {
  const cpus = affinity(readOrNull);
  return {
    count: availableCpus().count,
    affinity: cpus,
    siblings: coreSiblings(readOrNull),
    canBind: () => cpus?.[0] !== undefined && canBind(cpus[0]),
  };
}

/** Part of util-linux, which every common Linux distribution installs. */
export const TASKSET = 'taskset';
const LIMIT_MS = 5000;

/** Whether processes can be bound to CPUs here: it is tried out, because a sandbox may refuse what is installed. */
export function canBind(cpu: number): boolean {
  const { status } = spawnSync(TASKSET, ['-c', String(cpu), 'true'], {
    stdio: 'ignore',
    timeout: LIMIT_MS,
  });
  return status === 0;
}
