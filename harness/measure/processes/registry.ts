/** Starts every process of the harness and keeps a list of them, so that all of them can be ended, whatever happens. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../../scenarios/entry.ts';
import { codeOf, UserError } from '../../errors.ts';
import { formatCpuList } from '../host/cpu-list.ts';
import { TASKSET } from '../host/facts.ts';
import { PLAIN_NODE, type ServerNode } from '../../plan/options/server-node.ts';
import { faultsInto, profiledInto, withoutNodeOptions } from './environment.ts';
import { OutputFile } from './output.ts';
import { killGroup, killMarked, type Mark, newMark, resumeAll, suspendTree, withMark } from './tree.ts';

/** A child process that leads a process group of its own. */
export interface OwnedProcess {
  readonly child: ChildProcess;
  /** Resolves once, with how it ended: `exit code 1`, `SIGKILL` or the message of an error. */
  readonly exited: Promise<string>;
  /** The end of what it and its descendants wrote to standard output and standard error. */
  recentOutput(): string;
  /** Kills it and its descendants, and resolves when it is gone. */
  kill(): Promise<void>;
}

interface ForkOptions {
  /** A server: with the options and the environment that servers are given. All others run as if the caller had set none. */
  readonly isServer?: boolean;
  /** Another Node.js than our own. */
  readonly execPath?: string | undefined;
  /** Working directory, if it is not our own. */
  readonly cwd?: string | undefined;
  /** How messages are encoded; JSON by default, which cannot carry bytes. */
  readonly serialization?: 'advanced';
  /** Called with what the process writes. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** How long it has to end by itself, once its channel is closed, before it is killed. */
  readonly endLimitMs?: number;
  /** Folder for the profiles of a server; without one it is not profiled. */
  readonly profilesInto?: string | undefined;
  /** Whether faults are put into a server. */
  readonly faults?: boolean | undefined;
}

/** A command of the user. */
interface CommandOptions {
  /** In addition to the environment of the harness, and to what servers are given. */
  readonly env: Readonly<Record<string, string>>;
  readonly cpus?: readonly number[] | null;
  readonly cwd?: string | undefined;
  /** In the environment of all that it starts, so that nothing of it is left behind. */
  readonly mark: Mark;
  readonly onOutput?: ((text: string) => void) | undefined;
  /** As of a fork. */
  readonly profilesInto?: string | undefined;
  readonly faults?: boolean | undefined;
}

const TRIM_EVERY_MS = 500;

/** `taskset` binds itself and then becomes what it starts, and so do all that this starts. */
function boundTo(cpus: readonly number[] | null): readonly string[] {
  return cpus === null ? [] : [TASKSET, '-c', formatCpuList(cpus)];
}

export class ProcessRegistry {
  readonly #servers: ServerNode;
  readonly #owned = new Set<OwnedProcess>();
  readonly #folders = new Set<string>();
  readonly #outputs = new Set<OutputFile>();
  #outputFolder: string | undefined;
  #outputCount = 0;
  readonly #trimming = setInterval(() => {
    for (const output of this.#outputs) output.trim();
  }, TRIM_EVERY_MS);
  readonly #cleanup: ChildProcess;

  constructor(servers: ServerNode = PLAIN_NODE) {
    this.#servers = servers;
    this.#trimming.unref();
    const entry = fileURLToPath(entryBeside(import.meta.url, 'cleanup-process'));
    this.#cleanup = spawn(process.execPath, [entry], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: withoutNodeOptions(),
    });
    this.#cleanup.unref();
    this.#cleanup.stdin?.on('error', () => {}); // Without it, children still exit when their channel closes.
  }

  /**
   * Starts a Node.js file in a process of its own, with a message channel. With `cpus`, it and its descendants are bound to
   * these CPUs. When it ends, all that came from it is killed.
   */
  fork(
    entry: URL,
    args: readonly string[] = [],
    cpus: readonly number[] | null = null,
    options: ForkOptions = {},
  ): OwnedProcess {
    const { isServer = false, execPath = process.execPath, cwd, serialization, onOutput, endLimitMs = 0 } = options;
    const own = isServer ? this.#servers.args : [];
    const mark = newMark();
    const marked = withMark(mark, [...boundTo(cpus), execPath, ...own]);
    const output = this.#createOutput();
    const descriptor = output.openToWrite();
    const child = fork(fileURLToPath(entry), [...args], {
      execPath: marked.program,
      execArgv: [...marked.args],
      env: { ...(isServer ? this.#serverEnv(options, 'model') : withoutNodeOptions()), ...marked.env },
      ...(cwd !== undefined && { cwd }),
      ...(serialization && { serialization }),
      detached: true, // A group of its own: Ctrl-C in a terminal reaches the harness alone, which then stops in order.
      stdio: ['ignore', descriptor, descriptor, 'ipc'],
    });
    closeSync(descriptor);
    return this.#own(child, output, onOutput, mark, endLimitMs);
  }

  /** Starts a line for the shell. Killing it kills all that has its mark, also what has left its process group. */
  run(line: string, options: CommandOptions): OwnedProcess {
    const { env, cpus = null, cwd, mark, onOutput } = options;
    const output = this.#createOutput();
    const descriptor = output.openToWrite();
    const marked = withMark(mark, [...boundTo(cpus), '/bin/sh', '-c', line]);
    const child = spawn(marked.program, marked.args, {
      env: { ...this.#serverEnv(options, 'command'), ...env, ...marked.env },
      ...(cwd !== undefined && { cwd }),
      detached: true,
      stdio: ['ignore', descriptor, descriptor],
    });
    closeSync(descriptor);
    return this.#own(child, output, onOutput, mark, 'left alone');
  }

  #serverEnv(
    { profilesInto, faults = false }: Pick<ForkOptions, 'profilesInto' | 'faults'>,
    server: 'model' | 'command',
  ): NodeJS.ProcessEnv {
    return faultsInto(faults ? server : null, profiledInto(profilesInto, { ...process.env, ...this.#servers.env }));
  }

  #own(
    child: ChildProcess,
    output: OutputFile,
    onOutput: ((text: string) => void) | undefined,
    mark: Mark,
    /** How long it has to end by itself; of a command, which may be a shell, nothing is done to the rest when it ends. */
    endLimitMs: number | 'left alone',
  ): OwnedProcess {
    const isCommand = endLimitMs === 'left alone';
    const killRest = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
      killMarked(mark);
    };
    if (onOutput !== undefined) output.follow(onOutput);
    const exited = new Promise<string>((resolve) => {
      const end = (how: string): void => {
        // What it started outlives it. Of a command that may be a shell, the rest is about to end in order.
        if (!isCommand) killRest();
        output.close();
        this.#outputs.delete(output);
        resolve(how);
      };
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      child.once('error', (error) => end(error.message));
    });
    const owned: OwnedProcess = {
      child,
      exited,
      recentOutput: () => output.text(),
      kill: async () => {
        if (!isCommand && endLimitMs > 0 && child.connected) {
          child.disconnect();
          await Promise.race([exited, setTimeout(endLimitMs, undefined, { ref: false })]);
        }
        if (child.pid !== undefined) killGroup(child.pid);
        await exited;
        if (!isCommand) return;
        killMarked(mark);
        this.#forget(owned);
      },
    };
    this.#owned.add(owned);
    this.#register(`+ ${child.pid} ${mark.value}`);
    void exited.then(() => {
      if (!isCommand) this.#forget(owned);
    });
    return owned;
  }

  #forget(owned: OwnedProcess): void {
    this.#owned.delete(owned);
    this.#register(`- ${owned.child.pid}`);
  }

  /** Stops a process and its descendants where they are, until the returned function is called, or the harness is gone. */
  suspend(root: number): () => void {
    const pids = suspendTree(root, (pid) => this.#register(`stopped ${pid}`));
    return () => {
      resumeAll(pids);
      for (const pid of pids) this.#register(`continued ${pid}`);
    };
  }

  /** Creates an empty folder that is deleted by `deleteFolder`, by `close`, or when the harness dies. */
  async makeFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'fourways-'));
    this.#addFolder(folder);
    return folder;
  }

  async deleteFolder(folder: string): Promise<void> {
    this.#folders.delete(folder);
    await rm(folder, { recursive: true, force: true });
  }

  /** Ends all processes and deletes all folders that are left. */
  async close(): Promise<void> {
    await Promise.all([...this.#owned].map((owned) => owned.kill()));
    await Promise.all([...this.#folders].map((folder) => this.deleteFolder(folder)));
    clearInterval(this.#trimming);
    this.#cleanup.stdin?.end();
  }

  /** A file for the output of the next child. */
  #createOutput(): OutputFile {
    try {
      if (this.#outputFolder === undefined) {
        this.#outputFolder = mkdtempSync(join(tmpdir(), 'fourways-output-'));
        this.#addFolder(this.#outputFolder);
      }
      const output = new OutputFile(join(this.#outputFolder, String(++this.#outputCount)));
      this.#outputs.add(output);
      return output;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      throw new UserError(
        `cannot write to the temporary folder ${tmpdir()} (${codeOf(error)}); free some space, or name another folder with TMPDIR`,
      );
    }
  }

  #addFolder(folder: string): void {
    this.#folders.add(folder);
    this.#register(`folder ${folder}`);
  }

  /** A line for the cleanup process. */
  #register(line: string): void {
    if (this.#cleanup.stdin?.writable === true) this.#cleanup.stdin.write(`${line}\n`);
  }
}
