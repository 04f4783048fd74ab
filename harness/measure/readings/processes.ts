/** What the system tells of processes that tell nothing themselves. */
import type { ProcessReading } from '../../store/server-schema.ts';
import { type ListFolder, listOrNull, type ReadFile, readOrNull } from '../host/system-file.ts';
import { statFields } from '../processes/tree.ts';

/** Linux shows times to user space in hundredths of a second on every machine (USER_HZ). */
const TICK_US = 10_000;
const KIB = 1024;

/**
 * CPU time, context switches and memory of these processes. The CPU time is with that of the children that they have waited for, so a
 * process that ended is in the figures of its parent. Those that are gone are left out.
 */
export function readProcesses(
  pids: readonly number[],
  read: ReadFile = readOrNull,
  list: ListFolder = listOrNull,
  now: () => number = () => performance.now(),
): readonly ProcessReading[] {
  return pids.flatMap((pid): ProcessReading[] => {
    const fields = statFields(read(`/proc/${pid}/stat`));
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
    if (childrenSystem === undefined) return [];
    const rss = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
    return [
      {
        pid,
        role: null,
        atMs: now(),
        userUs: ((user ?? 0) + (childrenUser ?? 0)) * TICK_US,
        systemUs: ((system ?? 0) + childrenSystem) * TICK_US,
        waitedUs: ((childrenUser ?? 0) + childrenSystem) * TICK_US,
        switches: switchesOf(pid, read, list),
        rssBytes: Number(rss ?? 0) * KIB,
      },
    ];
  });
}

/** The system counts them by thread. Null when it does not tell. */
function switchesOf(pid: number, read: ReadFile, list: ListFolder): ProcessReading['switches'] {
  const threads = (list(`/proc/${pid}/task`) ?? []).map((thread) => read(`/proc/${pid}/task/${thread}/status`) ?? '');
  const count = (kind: string): number =>
    threads.reduce(
      (sum, text) => sum + Number(new RegExp(`^${kind}_ctxt_switches:\\s+(\\d+)$`, 'm').exec(text)?.[1]),
      0,
    );
  const [voluntary, involuntary] = [count('voluntary'), count('nonvoluntary')];
  return Number.isNaN(voluntary + involuntary) ? null : { voluntary, involuntary };
}
