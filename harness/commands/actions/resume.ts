import { dirname } from 'node:path';
import { UserError } from '../../errors.ts';
import { further } from '../../judge/next/further.ts';
import { checkRequirements } from '../../judge/requirements/cells.ts';
import { parseRequirements } from '../../judge/requirements/text.ts';
import { formatCpuList } from '../../measure/host/cpu-list.ts';
import { cpusToPlace } from '../../measure/host/facts.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { prepareAgain } from '../../measure/prepare.ts';
import { remaining } from '../../plan/schedule/remaining.ts';
import { visitsOf } from '../../plan/schedule/visits.ts';
import { readUnfinished } from '../../store/read-run.ts';
import { RunFile, runFilePath } from '../../store/run-file.ts';
import type { End, Environment, Manifest, Run } from '../../store/schema.ts';
import { packageVersion } from '../../version.ts';
import type { Io } from '../io.ts';
import { startProgress } from './progress.ts';
import { finish, type ResultOptions, recordAll } from './recording.ts';
import { interruptible } from './session.ts';

/** `fourways run --resume`: goes on where a run was stopped or killed, with its plan, and finishes it. */
export async function resumeCommand(
  folder: string,
  result: ResultOptions,
  io: Io,
  startMeasuring: () => Measuring,
): Promise<number> {
  const path = runFilePath(folder);
  const { run, bytes, size } = readUnfinished(path);
  const { manifest, additions, trials } = run;
  if (manifest.ab !== null) {
    throw new UserError(
      `--resume ${folder}: one side of fourways ab, which is not measured alone; start fourways ab again`,
    );
  }
  checkRequirements(parseRequirements(result.require), manifest);
  const due = remaining(visitsOf(manifest, additions), trials, manifest.retries);
  if (due.length === 0 && further(run).length === 0) {
    io.err.write(`${path} is complete; nothing is left to measure.\n`);
    return finish(
      run.end?.reason === 'complete' ? run : concluded(run, () => RunFile.reopen(path, bytes, size), io),
      dirname(path),
      result,
      io,
    );
  }
  const measuring = startMeasuring();
  const progress = startProgress(io.err, () => performance.now());
  try {
    return await interruptible(async (signal) => {
      checkSame(folder, manifest, measuring.environment());
      checkCanPlace(folder, manifest);
      const prepared = await prepareAgain(measuring, manifest, progress, signal);
      const file = RunFile.reopen(path, bytes, size);
      file.append({ type: 'resume', at: io.now().toISOString() });
      const resumed = await recordAll(measuring, prepared, run, file, progress, io, signal);
      progress.end();
      await measuring.close();
      return finish(resumed, dirname(path), result, io);
    });
  } finally {
    progress.end();
    await measuring.close();
  }
}

/** A run that was killed after its last trial lacks its last line. */
function concluded(run: Run, reopen: () => RunFile, io: Io): Run {
  const end: End = { type: 'end', at: io.now().toISOString(), reason: 'complete' };
  const file = reopen();
  file.append(end);
  file.close();
  return { ...run, end };
}

/** Trials of two machines or two versions must not end up in one median. Throws UserError. */
function checkSame(folder: string, { version, environment: before }: Manifest, now: Environment): void {
  const differ = (what: string, was: unknown, is: unknown): void => {
    if (String(was) === String(is)) return;
    throw new UserError(
      `--resume ${folder}: the run was begun with ${what} ${was}, and here it is ${is}; go on where it was begun, or start a new run`,
    );
  };
  differ('fourways', version, packageVersion());
  differ('Node.js', before.node, now.node);
  differ('platform', `${before.platform} ${before.arch}`, `${now.platform} ${now.arch}`);
  differ('CPU', before.cpuModel, now.cpuModel);
  differ('CPUs', before.availableCpus.capacity, now.availableCpus.capacity);
  differ('UV_THREADPOOL_SIZE', before.uvThreadpoolSize ?? 'not set', now.uvThreadpoolSize ?? 'not set');
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
    `--resume ${folder}: the run reserved CPUs for load generation, and here processes cannot be bound to CPUs ${formatCpuList(planned)}; install taskset (util-linux), go on where it was begun, or start a new run`,
  );
}
