import { defaultScenarios } from '../../../scenarios/index.ts';
import { models } from '../../../servers/index.ts';
import { checkRequirements } from '../../judge/requirements/cells.ts';
import { parseRequirements } from '../../judge/requirements/text.ts';
import { cpusToPlace, openFilesLimit } from '../../measure/host/facts.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { prepare } from '../../measure/prepare.ts';
import { type RunRequest, resolveOptions } from '../../plan/options/run.ts';
import { createOutFolder, defaultFolder, removeIfEmpty } from '../../store/out-folder.ts';
import { RunFile } from '../../store/run-file.ts';
import { packageVersion } from '../../version.ts';
import type { Io } from '../io.ts';
import { startProgress } from './progress.ts';
import { finish, type ResultOptions, recordAll } from './recording.ts';
import { resumeCommand } from './resume.ts';
import { interruptible } from './session.ts';

export interface RunCommand extends RunRequest, ResultOptions {
  readonly out?: string | undefined;
  /** Folder of a run to go on with, instead of all the rest. */
  readonly resume?: string | undefined;
}

/** `fourways run`: measures the matrix, writes the run file, the summary and the report, and prints the tables. */
export async function runCommand(command: RunCommand, io: Io, startMeasuring: () => Measuring): Promise<number> {
  if (command.resume !== undefined) return resumeCommand(command.resume, command, io, startMeasuring);
  const startedAt = io.now();
  const folder = command.out ?? defaultFolder(startedAt);
  const options = resolveOptions(command, {
    models: Object.keys(models),
    defaultScenarios,
    cpus: cpusToPlace(),
    seed: startedAt.getTime() % 2 ** 32,
    openFiles: openFilesLimit(),
  });
  const requirements = parseRequirements(command.require);
  createOutFolder(folder);
  const measuring = startMeasuring();
  const progress = startProgress(io.err, () => performance.now());
  try {
    return await interruptible(async (signal) => {
      const about = { version: packageVersion(), startedAt };
      const prepared = await prepare(measuring, options, about, progress, signal);
      checkRequirements(requirements, prepared.manifest);
      const file = RunFile.create(folder, prepared.manifest);
      const run = await recordAll(measuring, prepared, NOTHING, file, progress, io, signal);
      progress.end();
      await measuring.close();
      return finish(run, folder, command, io);
    });
  } finally {
    progress.end();
    await measuring.close();
    removeIfEmpty(folder);
  }
}

const NOTHING = { additions: [], trials: [] } as const;
