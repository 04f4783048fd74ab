/** What the commands that start processes have in common: signals, progress, and that nothing outlives them. */
import { defaultScenarios } from '../../../scenarios/index.ts';
import { defaultModels, models } from '../../../servers/index.ts';
import type { Io } from '../../command-line/command.ts';
import { EXIT, Interrupted, UserError } from '../../errors.ts';
import { cpusToPlace, openFilesLimit } from '../../measure/host/facts.ts';
import { markKind, UNFOUND_STEP, unfound } from '../../measure/processes/tree.ts';
import { checkNodeArgs, runtimeAt } from '../../measure/server/node-binary.ts';
import type { Measuring } from '../../measure/measuring.ts';
import type { Choices } from '../../plan/options/run.ts';
import {
  PLAIN_NODE,
  parseServerNode,
  type ServerNode,
  type ServerNodeRequest,
} from '../../plan/options/server-node.ts';
import { removeIfEmpty } from '../../store/out-folder.ts';

/** A command's own part of a session. */
interface Session<T> {
  /** What has started processes. Closing it ends them, and may be done twice. */
  readonly processes: { close(): Promise<void> };
  readonly progress?: { end(): void };
  /** Made for the results. Those that stay empty are removed. */
  readonly folders?: readonly string[];
  /** What to print when a signal ends `measure` before it has anything to return. */
  readonly ifInterrupted: string;
  /** May return what there is when the signal fires. */
  readonly measure: (signal: AbortSignal) => Promise<T>;
  /** Prints what was measured, after all processes have ended. Returns the exit code. */
  readonly conclude: (measured: T) => Promise<number> | number;
}

/** Measures, ends all processes, concludes. Returns the exit code; throws Interrupted when a signal left nothing to conclude. */
export async function withSession<T>(session: Session<T>): Promise<number> {
  const { processes, progress, folders = [], ifInterrupted, measure, conclude } = session;
  const end = async (): Promise<void> => {
    progress?.end();
    await processes.close();
  };
  try {
    return await interruptible(async (signal) => {
      const measured = await measure(signal).catch((error: unknown) => {
        // Ending the processes fails whatever waits for them, which is not a mistake of the user.
        throw signal.aborted && !(error instanceof UserError) ? new Interrupted(ifInterrupted) : error;
      });
      await end();
      return conclude(measured);
    });
  } finally {
    await end();
    for (const folder of folders) removeIfEmpty(folder);
  }
}

/**
 * Runs `work` with a signal that fires on Ctrl-C, SIGTERM or SIGHUP. The second one ends the process at once; the cleanup process
 * then ends what it has started.
 */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Interrupted(name));
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of names) process.off(name, onSignal);
  }
}

/** What comes after all that was measured, and may be skipped by a signal: then null, and what was measured stands. */
export async function unlessSkipped<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T | null> {
  if (signal.aborted) return null;
  try {
    return await act();
  } catch (error) {
    if (signal.aborted && !(error instanceof UserError)) return null;
    throw error;
  }
}

export const BEFORE_FIRST_TRIAL = 'Interrupted before the first trial; nothing was written.';

/** Starts what measures on this machine, with servers that are started in this way. */
export async function startMeasuring({ measuring, err }: Io, servers: ServerNode = PLAIN_NODE): Promise<Measuring> {
  if (measuring !== undefined) return measuring(servers);
  const mark = markKind();
  if (mark !== 'limit') err.write(`warning: ${unfound(mark)} → ${UNFOUND_STEP}\n`);
  return (await import('../../measure/measuring.ts')).measureHere(servers);
}

/** What this machine and the registries offer. The default seed is the time. Throws a UserError when a runtime is none. */
export function choicesHere(startedAt: Date, runtimes: readonly string[] = []): Choices {
  return {
    models: Object.keys(models),
    defaultModels,
    defaultScenarios,
    cpus: cpusToPlace(),
    seed: seedOf(startedAt),
    runtimes: runtimes.map(runtimeAt),
    openFiles: openFilesLimit(),
  };
}

/** How the servers are to be started, from the flags for it; `binaries` are those that run them, where that is not our own. Throws UserError. */
export function serversAsked(asked: ServerNodeRequest, binaries: readonly string[] = []): ServerNode {
  const servers = parseServerNode(asked);
  for (const path of binaries.length === 0 ? [process.execPath] : binaries) checkNodeArgs(servers, path);
  return servers;
}

export const seedOf = (startedAt: Date): number => startedAt.getTime() % 2 ** 32;
