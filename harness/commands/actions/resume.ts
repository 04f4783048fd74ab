import { dirname, join } from 'node:path';
import type { Io } from '../../command-line/command.ts';
import { UserError } from '../../errors.ts';
import { isStrict } from '../../judge/exit-code.ts';
import { further } from '../../judge/next/further.ts';
import { checkRequirements } from '../../judge/requirements/cells.ts';
import { parseRequirements } from '../../judge/requirements/text.ts';
import { formatCpuList } from '../../measure/host/cpu-list.ts';
import { cpusToPlace } from '../../measure/host/facts.ts';
import { prepareAgain } from '../../measure/prepare.ts';
import { binariesOf } from '../../measure/server/models.ts';
import { runtimeAt } from '../../measure/server/node-binary.ts';
import { type GivenRequest, givenAgain } from '../../plan/options/external.ts';
import type { ServerNode } from '../../plan/options/server-node.ts';
import { parseBudget } from '../../plan/options/values.ts';
import { usedMs } from '../../plan/schedule/outlook.ts';
import { remaining } from '../../plan/schedule/remaining.ts';
import { visitsOf } from '../../plan/schedule/visits.ts';
import { checkNoLink } from '../../store/out-folder.ts';
import { readUnfinished } from '../../store/read-run.ts';
import { RunFile, runFilePath } from '../../store/run-file.ts';
import type { End, Environment, Manifest, Run } from '../../store/schema.ts';
import { packageVersion } from '../../version.ts';
import { startProgress } from './progress.ts';
import { finish, type ResultArgs, recordAll } from './recording.ts';
import { serversAsked, startMeasuring, withSession } from './session.ts';

export interface ResumeArgs extends ResultArgs, GivenRequest {
  /** Beyond what was spent so far, such as `1m`. */
  readonly budget?: string | undefined;
  /** Again, because values are not stored. */
  readonly env?: readonly string[] | undefined;
}

/**
 * `fourways run --resume`: continues a run that was stopped or killed, with its own plan, and finishes it. With a budget it goes on
 * where the run would have ended, and what is said then rests on all of its trials.
 */
export async function resumeRun(folder: string, asked: ResumeArgs, io: Io): Promise<number> {
  const args = { ...asked, strict: isStrict(asked, io.env) };
  const path = runFilePath(folder);
  const unfinished = readUnfinished(path);
  const before = unfinished.content.run;
  const budgetMs = args.budget === undefined ? undefined : usedMs(before) + parseBudget(args.budget);
  const run = { ...before, manifest: { ...before.manifest, budgetMs: budgetMs ?? before.manifest.budgetMs } };
  const { manifest, additions, trials, yardstick = [], faulted = [] } = run;
  if (manifest.ab !== null) {
    throw new UserError(
      `--resume ${folder}: this is one side of fourways ab, which cannot be measured alone; start fourways ab again`,
    );
  }
  checkRequirements(parseRequirements(args.require), manifest);
  const due = remaining(visitsOf(manifest, additions), [...trials, ...yardstick, ...faulted], manifest.retries);
  if (due.length === 0 && further(run).length === 0) {
    if (args.quiet !== true) io.err.write(`${path} is complete; nothing is left to measure.\n`);
    const whole = run.end?.reason === 'complete' ? run : concluded(run, RunFile.reopen(path, unfinished), io);
    return finish(whole, dirname(path), args, io);
  }
  // Now, and not when all is measured.
  for (const one of [path, join(dirname(path), 'report')]) checkNoLink(one);
  const given = givenAgain(folder, manifest.scenarios, args);
  const measuring = await startMeasuring(io, serversAgain(folder, manifest, args));
  const progress = startProgress(io.err, () => performance.now(), args.quiet);
  return withSession({
    processes: measuring,
    progress,
    ifInterrupted: 'Interrupted before the next trial; the run file is as it was.',
    measure: async (signal) => {
      checkSame(folder, manifest, measuring.environment());
      checkCanPlace(folder, manifest);
      const prepared = await prepareAgain(measuring, manifest, given, progress, signal);
      const file = RunFile.reopen(path, unfinished);
      file.append({ type: 'resume', at: io.now().toISOString(), ...(budgetMs === undefined ? {} : { budgetMs }) });
      return recordAll(measuring, prepared, run, file, progress, io, signal);
    },
    conclude: (resumed) => finish(resumed, dirname(path), args, io),
  });
}

/** A run that was killed after its last trial lacks its last line. */
function concluded(run: Run, file: RunFile, io: Io): Run {
  const end: End = { type: 'end', at: io.now().toISOString(), reason: 'complete' };
  file.append(end);
  file.close();
  return { ...run, end };
}

/** Trials of two machines or two versions must not end up in one median. Throws UserError. */
function checkSame(folder: string, { version, environment: before }: Manifest, now: Environment): void {
  const differ = (what: string, was: unknown, is: unknown): void => {
    if (String(was) === String(is)) return;
    throw new UserError(
      `--resume ${folder}: the run was started with ${what} ${was}, and here it is ${is}; continue it where it was started, or start a new run`,
    );
  };
  differ('fourways', version, packageVersion());
  differ('Node.js', before.node, now.node);
  differ('platform', `${before.platform} ${before.arch}`, `${now.platform} ${now.arch}`);
  differ('CPU', before.cpuModel, now.cpuModel);
  differ('CPUs', before.availableCpus.capacity, now.availableCpus.capacity);
  differ('NODE_OPTIONS', before.servers.nodeOptions ?? 'not set', now.servers.nodeOptions ?? 'not set');
  differ('UV_THREADPOOL_SIZE', before.uvThreadpoolSize ?? 'not set', now.uvThreadpoolSize ?? 'not set');
}

/** Started as before: the options are in the file, the variables must be given again. Throws UserError. */
function serversAgain(
  folder: string,
  { environment: { servers }, runtimes }: Manifest,
  { env }: ResumeArgs,
): ServerNode {
  checkRuntimes(folder, runtimes);
  const again = serversAsked({ nodeArg: servers.nodeArgs, env }, binariesOf(runtimes));
  const missing = servers.env.filter((name) => again.env[name] === undefined);
  if (missing.length > 0) {
    const flags = missing.map((name) => `--env ${name}=…`).join(' ');
    throw new UserError(
      `--resume ${folder}: the run was started with variables whose values are not stored; give them again: ${flags}`,
    );
  }
  const added = Object.keys(again.env).find((name) => !servers.env.includes(name));
  if (added === undefined) return again;
  throw new UserError(
    `--env ${added}: the run was started without it; leave it out, or start a new run without --resume`,
  );
}

/** A path may lead to another version by now. Throws UserError. */
function checkRuntimes(folder: string, runtimes: Manifest['runtimes']): void {
  const versions = new Map(runtimes.map(({ runtime }) => [runtime.path, runtime.version]));
  for (const [path, before] of versions) {
    const { version } = runtimeAt(path);
    if (version === before) continue;
    throw new UserError(
      `--resume ${folder}: the run was started with Node.js ${before} at ${path}, and now ${version} is there; install that version there again, or start a new run`,
    );
  }
}

/** Trials that cannot be placed as planned would only fail, one after the other. Throws UserError. */
function checkCanPlace(folder: string, { placement, cells }: Manifest): void {
  const placements = [placement, ...cells.map((cell) => cell.placement)];
  const reserved = placements.flatMap((one) =>
    one.kind === 'shared' ? [] : [...one.serverCpus, ...one.generatorCpus],
  );
  const planned = [...new Set(reserved)].toSorted((a, b) => a - b);
  if (planned.length === 0) return;
  const { affinity, canBind } = cpusToPlace();
  if (planned.every((cpu) => affinity?.includes(cpu)) && canBind()) return;
  throw new UserError(
    `--resume ${folder}: the run reserved CPUs for load generation, and here processes cannot be bound to CPUs ${formatCpuList(planned)}; install taskset (util-linux), continue it where it was started, or start a new run`,
  );
}
