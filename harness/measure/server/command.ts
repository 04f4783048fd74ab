/** A command of the user as a server: started by a shell, ready when it answers, read from outside. */
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { messageOf, UserError } from '../../errors.ts';
import type { External } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { hasProcesses, NO_PROCESSES } from '../host/system-file.ts';
import { endText } from '../processes/output.ts';
import type { OwnedProcess, ProcessRegistry } from '../processes/registry.ts';
import { holdersOf, listenersOf } from '../processes/sockets.ts';
import { endAll, killAll, type Mark, newMark, ProcessTree, sessionOf } from '../processes/tree.ts';
import { readProcesses } from '../readings/processes.ts';
import { exchange } from '../replies/exchange.ts';
import { plainGet } from '../requests/on-wire.ts';
import { type RunningServer, StartError } from './running.ts';

type Command = Extract<External, { kind: 'command' }>;

interface CommandOptions {
  readonly cpus?: readonly number[] | null;
  /** Working directory, if it is not our own. */
  readonly cwd?: string | undefined;
  readonly onOutput?: (text: string) => void;
  readonly startLimitMs?: number;
  readonly profilesInto?: string | undefined;
  readonly faults?: boolean | undefined;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;
const LOOK_EVERY_MS = 10;
const LOOKS_PER_TREE = 20;
/** From this share of the limit on, what is most probably a mistake is taken for one. */
const PATIENCE_SHARE = 1 / 3;
/** Time in which a process that was left behind comes to listen. */
const ESCAPE_MS = 300;
/** Time in which a command that has put its service in the background ends. */
const DETACHED_MS = 1000;

/**
 * Starts it with a free port in `PORT`, and in place of `{port}` in its line, and waits until it answers with less than 500. Rejects with a
 * UserError when it goes to the background or listens elsewhere, and with a StartError when it ends or does not answer in time.
 */
export async function startCommand(
  registry: ProcessRegistry,
  command: Command,
  signal: AbortSignal,
  { startLimitMs = START_LIMIT_MS, ...options }: CommandOptions = {},
): Promise<RunningServer> {
  if (!hasProcesses()) throw new UserError(`--command ${command.name}: ${NO_PROCESSES}`);
  const port = await freePort();
  const mark = newMark();
  const run = (line: string, by: Mark): OwnedProcess =>
    registry.run(line.replaceAll('{port}', String(port)), { ...options, env: { PORT: String(port) }, mark: by });
  const owned = run(command.line, mark);
  const reloads: OwnedProcess[] = [];
  const tree = new ProcessTree(owned.child.pid === undefined ? [] : [owned.child.pid], mark);
  const url = `http://127.0.0.1:${port}/`;
  try {
    await ready({ command, owned, tree, url, port }, startLimitMs, signal);
  } catch (error) {
    await stop(owned, tree);
    throw error;
  }
  return {
    url,
    port,
    workers: null,
    isFresh: true,
    exited: owned.exited.then((how) => {
      const left = tree.pids().length;
      return left === 0 ? endText(how, owned.recentOutput()) : leftText(left);
    }),
    recentOutput: () => owned.recentOutput(),
    read: async () => ({ processes: readProcesses(tree.pids()), inside: null }),
    canReload: true,
    reload: async (signal, reloadLine = null) => {
      if (reloadLine === null)
        throw new FailedTrial('server', `how it reloads is not known; give --reload '${command.name}=<line>'`);
      // With a mark of its own: it ends before the command does.
      const reloading = run(reloadLine, newMark());
      reloads.push(reloading);
      await ended(reloading, signal);
    },
    end: () => endAll(tree, STOP_LIMIT_MS),
    stop: async () => {
      await Promise.all(reloads.map((one) => one.kill()));
      await stop(owned, tree);
    },
  };
}

/** Resolves when a line has run; rejects with a FailedTrial when it failed. */
async function ended(line: OwnedProcess, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const how = await Promise.race([line.exited, aborted]);
  if (how === 'exit code 0') return;
  throw new FailedTrial('server', `--reload failed (${endText(how, line.recentOutput())})`);
}

interface Starting {
  readonly command: Command;
  readonly owned: OwnedProcess;
  readonly tree: ProcessTree;
  readonly url: string;
  readonly port: number;
}

async function ready(starting: Starting, limitMs: number, signal: AbortSignal): Promise<void> {
  const { command, owned, tree, url } = starting;
  const until = performance.now() + limitMs;
  let ended: string | null = null;
  void owned.exited.then((how) => {
    ended = endText(how, owned.recentOutput());
  });
  const patientUntil = performance.now() + PATIENCE_SHARE * limitMs;
  for (let [look, last] = [0, 'no reply']; ; look++) {
    signal.throwIfAborted();
    // Now and then, so that what leaves its parents later is known; looking costs CPU time.
    if (look % LOOKS_PER_TREE === 0) tree.pids();
    if (ended !== null) throw await whyEnded(starting, ended);
    const answer = await asked(url, command, until - performance.now(), signal);
    if (typeof answer === 'number' && answer < 500) {
      if (!isDetached(starting)) return;
      await Promise.race([owned.exited, setTimeout(DETACHED_MS, undefined, { signal })]);
      if (ended === null) return;
    }
    if (answer !== null) last = typeof answer === 'number' ? `status ${answer}` : answer;
    const now = performance.now();
    const mistake = now < patientUntil || look % LOOKS_PER_TREE > 0 ? null : mistakeOf(starting, answer);
    if (mistake !== null) throw mistake;
    if (now >= until) throw mistakeOf(starting, answer) ?? notReady(owned, limitMs, last);
    await setTimeout(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The status of the reply, or why there is none; null when the time was up. */
async function asked(
  url: string,
  { ready: path }: Command,
  limitMs: number,
  signal: AbortSignal,
): Promise<number | string | null> {
  const limit = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)));
  try {
    return (await exchange(url, plainGet(path), AbortSignal.any([signal, limit]))).reply.status;
  } catch (error) {
    signal.throwIfAborted();
    return limit.aborted ? null : messageOf(error);
  }
}

/** Whether what answers has left the session of the command, as a service in the background does, before the command ends. */
function isDetached({ owned, port }: Starting): boolean {
  return holdersOf(port).some((pid) => sessionOf(pid) !== owned.child.pid);
}

async function whyEnded({ command, tree, port }: Starting, ended: string): Promise<Error> {
  await setTimeout(ESCAPE_MS);
  // Who took the port meanwhile and was there before is none of ours.
  const left = new Set([...tree.pids(), ...holdersOf(port).filter((pid) => tree.isLater(pid))]);
  if (left.size === 0) return new StartError(`the command ended before it answered (${ended})`);
  killAll([...left]);
  return new UserError(`--command ${command.name}: ${leftText(left.size)}`);
}

function leftText(count: number): string {
  const processes = count === 1 ? 'a process' : `${count} processes`;
  return `it ended and left ${processes} in the background; give the form that stays in the foreground, such as pm2-runtime, or nginx -g 'daemon off;'`;
}

/** What is wrong with a command that goes on running; null when nothing is known to be. */
function mistakeOf({ command, tree, port }: Starting, answer: number | string | null): Error | null {
  const own = listenersOf(tree.pids());
  const here = own.filter((one) => one.port === port);
  const where = `--command ${command.name}`;
  if (here.length > 0 && here.every((one) => !one.onLoopback)) {
    return new UserError(`${where}: it listens on port ${port}, but not on 127.0.0.1; have it listen there`);
  }
  if (here.length > 0 && typeof answer === 'string') {
    return new UserError(`${where}: what it answers is not HTTP (${answer}); have it listen without TLS`);
  }
  const elsewhere = [...new Set(own.map((one) => one.port))];
  if (here.length > 0 || elsewhere.length === 0) return null;
  return new UserError(
    `${where}: it listens on ${elsewhere.join(' and ')} instead of the port in PORT; read that, or write {port} where the port stands`,
  );
}

function notReady(owned: OwnedProcess, limitMs: number, last: string): Error {
  const lines = owned.recentOutput().split('\n').slice(-LAST_LINES).join(' | ');
  const wrote = lines.trim() === '' ? 'it wrote nothing' : `the last that it wrote: ${lines}`;
  return new StartError(`it did not get ready within ${limitMs / 1000} s (${last}); ${wrote}`);
}

const LAST_LINES = 3;

/** Lets it end in order, as far as it does so in time, and kills what is left of it. */
async function stop(owned: OwnedProcess, tree: ProcessTree): Promise<void> {
  await endAll(tree, STOP_LIMIT_MS);
  killAll(tree.pids());
  await owned.kill();
  killAll(tree.pids());
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
