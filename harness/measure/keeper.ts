/** Everything that the harness starts is started here, so that everything can be ended, whatever happens. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../scenarios/entry.ts';
import { formatCpuList } from './cpu-list.ts';
import { killGroup } from './kill-group.ts';
import { TASKSET } from './taskset.ts';

/** A child process that leads a process group of its own. */
export interface Kept {
  readonly child: ChildProcess;
  /** Resolves with how it ended, once. */
  readonly exited: Promise<string>;
  /** The last thing it wrote to standard error. */
  lastWords(): string;
  /** Kills it with all that it started, and resolves when it is gone. */
  kill(): Promise<void>;
}

const LAST_WORDS_BYTES = 4096;

export class Keeper {
  readonly #kept = new Set<Kept>();
  readonly #folders = new Set<string>();
  readonly #reaper: ChildProcess;

  constructor() {
    const entry = fileURLToPath(entryBeside(import.meta.url, 'reaper-process'));
    this.#reaper = spawn(process.execPath, [entry], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#reaper.unref();
    this.#reaper.stdin?.on('error', () => {}); // Without a reaper the children still leave by themselves.
  }

  /**
   * Starts a Node.js file in a process of its own, with a message channel, on our own Node.js if nothing else is said. With
   * `cpus` it and all that it starts stay on these CPUs: `taskset` binds itself to them and then becomes the process.
   */
  fork(
    entry: URL,
    args: readonly string[] = [],
    cpus: readonly number[] | null = null,
    execPath: string = process.execPath,
  ): Kept {
    const bound =
      cpus === null
        ? { execPath, execArgv: [] }
        : { execPath: TASKSET, execArgv: ['-c', formatCpuList(cpus), execPath] };
    const child = fork(fileURLToPath(entry), [...args], {
      ...bound,
      detached: true, // A group of its own: Ctrl-C in a terminal reaches the harness alone, which then stops in order.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS_BYTES);
    });
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      child.once('error', (error) => resolve(error.message));
    });
    const kept: Kept = {
      child,
      exited,
      lastWords: () => words.trim(),
      kill: async () => {
        if (child.pid !== undefined) killGroup(child.pid);
        await exited;
      },
    };
    this.#kept.add(kept);
    this.#tell(`+ ${child.pid}`);
    void exited.then(() => {
      // A leader that dies first leaves its group behind.
      if (child.pid !== undefined) killGroup(child.pid);
      this.#kept.delete(kept);
      this.#tell(`- ${child.pid}`);
    });
    return kept;
  }

  /** Creates an empty folder that is deleted by `deleteFolder`, by `close`, or when the harness dies. */
  async makeFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'fourways-'));
    this.#folders.add(folder);
    this.#tell(`folder ${folder}`);
    return folder;
  }

  async deleteFolder(folder: string): Promise<void> {
    this.#folders.delete(folder);
    await rm(folder, { recursive: true, force: true });
  }

  /** Ends everything that is left. */
  async close(): Promise<void> {
    await Promise.all([...this.#kept].map((kept) => kept.kill()));
    await Promise.all([...this.#folders].map((folder) => this.deleteFolder(folder)));
    this.#reaper.stdin?.end();
  }

  #tell(line: string): void {
    if (this.#reaper.stdin?.writable === true) this.#reaper.stdin.write(`${line}\n`);
  }
}
