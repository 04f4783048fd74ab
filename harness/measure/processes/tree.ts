/** The processes that came from one that was started here, found from outside: also those that left its process group. */
import { spawnSync } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { hasProcesses, type ListFolder, listOrNull, type ReadFile, readOrNull } from '../host/system-file.ts';

/**
 * What all processes inherit from one that was started here. `limit`: a soft resource limit, that of file locks, which Linux has enforced
 * nowhere since 2.4.25 (getrlimit(2)) and shows of every process (proc_pid_limits(5)); a process may leave its parent, its session and its
 * environment, and keeps it. `environment`: a variable, where a limit cannot be set. `none`: where the system shows no processes.
 */
export interface Mark {
  readonly kind: 'limit' | 'environment' | 'none';
  readonly value: string;
}

const VARIABLE = 'FOURWAYS_SERVER';

export function newMark(): Mark {
  const kind = markKind();
  return { kind, value: kind === 'limit' ? String(randomInt(2 ** 40, 2 ** 47)) : randomUUID() };
}

/** The same of its value, which tells its kind. */
export function markOf(value: string): Mark {
  return { kind: /^\d+$/.test(value) ? 'limit' : 'environment', value };
}

/** How a program is started with a mark on it, and so on all that comes from it: a line that becomes the program, and variables. */
export function withMark(
  { kind, value }: Mark,
  line: readonly string[],
): { readonly program: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const [program = '', ...args] = kind === 'limit' ? [PRLIMIT, ...softLimit(value), ...line] : line;
  return { program, args, env: kind === 'environment' ? { [VARIABLE]: value } : {} };
}

/** Part of util-linux, as `taskset` is. A shell could do the same, and loses variables whose names are none to it. */
const PRLIMIT = 'prlimit';
const softLimit = (value: string): readonly string[] => [`--locks=${value}:`];

/** What may be left running, where marks are no better than this. */
export function unfound(kind: Exclude<Mark['kind'], 'limit'>): string {
  const what =
    kind === 'none'
      ? 'what a handler starts and detaches'
      : 'what a handler starts, detached and without its environment,';
  return `${what} outlives its trial`;
}

export const UNFOUND_STEP = 'Install prlimit (util-linux) on Linux: all that was started is found by a limit then.';

let known: Mark['kind'] | undefined;

/** Which mark can be set here. It is tried out once: a sandbox may refuse it. */
export function markKind(): Mark['kind'] {
  known ??= triedKind();
  return known;
}

function triedKind(): Mark['kind'] {
  if (!hasProcesses()) return 'none';
  const { stdout } = spawnSync(PRLIMIT, [...softLimit('1'), 'cat', '/proc/self/limits'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TRIAL_LIMIT_MS,
  });
  return isLimited(stdout, '1') ? 'limit' : 'environment';
}

const TRIAL_LIMIT_MS = 5_000;

function isLimited(limits: string | null, value: string): boolean {
  return /^Max file locks +(\d+) /m.exec(limits ?? '')?.[1] === value;
}

/** What distinguishes a process from a later one with the same pid: its start in ticks of the clock. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly start: string;
}

/**
 * Follows the processes of a command. A process belongs to it when it descends from it, or has its mark; once seen, it does
 * however its parents end.
 */
export class ProcessTree {
  readonly #mark: Mark | null;
  readonly #read: ReadFile;
  readonly #list: ListFolder;
  /** Start by pid. */
  readonly #seen = new Map<number, string>();
  /** When the roots were started, in ticks of the clock; 0 when that is not known. */
  readonly #since: number;

  constructor(roots: readonly number[], mark: Mark | null, read: ReadFile = readOrNull, list: ListFolder = listOrNull) {
    this.#mark = mark;
    this.#read = read;
    this.#list = list;
    // At once: when a root has ended, its pid may be that of a stranger.
    for (const { pid, start } of processes(read, list)) if (roots.includes(pid)) this.#seen.set(pid, start);
    this.#since = Math.max(0, ...[...this.#seen.values()].map(Number));
  }

  /** Whether this process, which may have lost all traces of where it came from, was started after the roots. */
  isLater(pid: number): boolean {
    const start = statFields(this.#read(`/proc/${pid}/stat`))[START];
    return this.#since > 0 && start !== undefined && Number(start) >= this.#since;
  }

  /** Those that are alive, in ascending order. */
  pids(): readonly number[] {
    const all = processes(this.#read, this.#list);
    const own = new Set<number>();
    for (const { pid, start } of all) {
      const isSeen = this.#seen.get(pid) === start;
      if (isSeen || (this.#mark !== null && hasMark(pid, this.#mark, this.#read))) own.add(pid);
    }
    for (let before = -1; before !== own.size; ) {
      before = own.size;
      for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
    }
    for (const { pid, start } of all) if (own.has(pid)) this.#seen.set(pid, start);
    return [...own].toSorted((a, b) => a - b);
  }
}

/** Kills every process with this mark, and what is found of its descendants. */
export function killMarked(mark: Mark): void {
  if (mark.kind === 'none') return;
  const tree = new ProcessTree([], mark);
  // What is being started while others are killed is found by the next look.
  for (let look = 0; look < MOST_LOOKS; look++) {
    const pids = tree.pids();
    if (pids.length === 0) return;
    killAll(pids);
  }
}

const MOST_LOOKS = 10;
/** Of the fields that `statFields` has; proc_pid_stat(5) has it as the 22nd. */
const START = 19;

export function killAll(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, 'SIGKILL');
}

/**
 * Stops this process and its descendants where they are. Each is passed to `onStop` first. Those that are started while others are stopped
 * are found by the next look.
 */
export function suspendTree(root: number, onStop: (pid: number) => void): readonly number[] {
  const tree = new ProcessTree([root], null);
  const stopped = new Set<number>();
  for (let look = 0; look < MOST_LOOKS; look++) {
    const found = [root, ...tree.pids()].filter((pid) => !stopped.has(pid));
    if (found.length === 0) break;
    for (const pid of found) {
      stopped.add(pid);
      onStop(pid);
      signal(pid, 'SIGSTOP');
    }
  }
  return [...stopped];
}

/** Whether it is there, be it to wait for its parent to notice that it has ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Lets stopped processes go on. */
export function resumeAll(pids: Iterable<number>): void {
  for (const pid of pids) signal(pid, 'SIGCONT');
}

/** Asks every process to end, and resolves when all have or `limitMs` has passed. */
export async function endAll(tree: ProcessTree, limitMs: number): Promise<void> {
  const until = performance.now() + limitMs;
  for (const pid of tree.pids()) signal(pid, 'SIGTERM');
  while (tree.pids().length > 0 && performance.now() < until) await setTimeout(LOOK_EVERY_MS);
}

const LOOK_EVERY_MS = 10;

/** Kills a process that leads a group, with the whole group. Windows has no groups: only the process is killed. */
export function killGroup(pid: number): void {
  signal(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has already ended.
  }
}

/** All processes that can be seen but those that have ended and wait for their parent to notice. */
function processes(read: ReadFile, list: ListFolder): readonly Process[] {
  return (list('/proc') ?? []).flatMap((name): Process[] => {
    if (!/^\d+$/.test(name)) return [];
    const fields = statFields(read(`/proc/${name}/stat`));
    const [state, parent] = fields;
    const start = fields[START];
    if (parent === undefined || start === undefined || state === 'Z') return [];
    return [{ pid: Number(name), parent: Number(parent), start }];
  });
}

/** The session of a process, which is called after its leader; null when it is gone. */
export function sessionOf(pid: number, read: ReadFile = readOrNull): number | null {
  const session = statFields(read(`/proc/${pid}/stat`))[3];
  return session === undefined ? null : Number(session);
}

/**
 * The fields of `/proc/<pid>/stat` from the third on, which is the state; none when it cannot be read. The name of the program before
 * them, in parentheses, may hold anything.
 */
export function statFields(text: string | null): readonly string[] {
  return text === null
    ? []
    : text
        .slice(text.lastIndexOf(')') + 2)
        .trim()
        .split(' ');
}

function hasMark(pid: number, { kind, value }: Mark, read: ReadFile): boolean {
  if (kind === 'limit') return isLimited(read(`/proc/${pid}/limits`), value);
  // null of another user.
  return kind === 'environment' && read(`/proc/${pid}/environ`)?.includes(`${VARIABLE}=${value}`) === true;
}
