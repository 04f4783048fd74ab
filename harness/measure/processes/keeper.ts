/** Everything that the harness starts is started here, so that everything can be ended, whatever happens. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../../scenarios/entry.ts';
import { codeOf, UserError } from '../../errors.ts';
import { formatCpuList } from '../host/cpu-list.ts';
import { TASKSET } from '../host/taskset.ts';
import { killGroup } from './kill-group.ts';
import { WordsFile } from './last-words.ts';

/** A child process that leads a process group of its own. */
export interface Kept {
  readonly child: ChildProcess;
  /** Resolves with how it ended, once. */
  readonly exited: Promise<string>;
  /** The last of what it and all that it started wrote to standard output and standard error. */
  lastWords(): string;
  /** Kills it with all that it started, and resolves when it is gone. */
  kill(): Promise<void>;
}

/** What is not the same for every child. */
interface Manner {
  /** Another Node.js than our own. */
  readonly execPath?: string | undefined;
  /** How messages cross; JSON when left out, which knows no bytes. */
  readonly serialization?: 'advanced';
  /** Told what the process writes. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

const CUT_EVERY_MS = 500;

export class Keeper {
  readonly #kept = new Set<Kept>();
  readonly #folders = new Set<string>();
  readonly #words = new Set<WordsFile>();
  #wordsFolder: string | undefined;
  #lastWords = 0;
  readonly #cutting = setInterval(() => {
    for (const words of this.#words) words.cut();
  }, CUT_EVERY_MS);
  readonly #reaper: ChildProcess;

  constructor() {
    this.#cutting.unref();
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
    { execPath = process.execPath, serialization, onOutput }: Manner = {},
  ): Kept {
    const bound =
      cpus === null
        ? { execPath, execArgv: [] }
        : { execPath: TASKSET, execArgv: ['-c', formatCpuList(cpus), execPath] };
    const words = this.#openWords();
    const output = words.openToWrite();
    const child = fork(fileURLToPath(entry), [...args], {
      ...bound,
      ...(serialization && { serialization }),
      detached: true, // A group of its own: Ctrl-C in a terminal reaches the harness alone, which then stops in order.
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    if (onOutput !== undefined) words.follow(onOutput);
    const exited = new Promise<string>((resolve) => {
      const end = (how: string): void => {
        // A leader that dies first leaves its group behind.
        if (child.pid !== undefined) killGroup(child.pid);
        words.close();
        this.#words.delete(words);
        resolve(how);
      };
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      child.once('error', (error) => end(error.message));
    });
    const kept: Kept = {
      child,
      exited,
      lastWords: () => words.text(),
      kill: async () => {
        if (child.pid !== undefined) killGroup(child.pid);
        await exited;
      },
    };
    this.#kept.add(kept);
    this.#tell(`+ ${child.pid}`);
    void exited.then(() => {
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
    clearInterval(this.#cutting);
    this.#reaper.stdin?.end();
  }

  /** A file for what the next child writes. */
  #openWords(): WordsFile {
    try {
      if (this.#wordsFolder === undefined) {
        this.#wordsFolder = mkdtempSync(join(tmpdir(), 'fourways-words-'));
        this.#folders.add(this.#wordsFolder);
        this.#tell(`folder ${this.#wordsFolder}`);
      }
      const words = new WordsFile(join(this.#wordsFolder, String(++this.#lastWords)));
      this.#words.add(words);
      return words;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      throw new UserError(
        `the temporary folder ${tmpdir()} cannot be written (${codeOf(error)}); make space, or name another with TMPDIR`,
      );
    }
  }

  #tell(line: string): void {
    if (this.#reaper.stdin?.writable === true) this.#reaper.stdin.write(`${line}\n`);
  }
}
