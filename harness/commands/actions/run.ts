import { resolve } from 'node:path';
import type { Io } from '../../command-line/command.ts';
import { loadConfig, NO_CONFIG } from '../../config/load.ts';
import { inConfig, withConfig } from '../../config/merge.ts';
import { UserError } from '../../errors.ts';
import { isStrict } from '../../judge/exit-code.ts';
import { checkRequirements, isMeasured } from '../../judge/requirements/cells.ts';
import { parseRequirements } from '../../judge/requirements/text.ts';
import { toldBeforehand } from '../../judge/warnings/beforehand.ts';
import { prepare } from '../../measure/prepare.ts';
import { profileCells } from '../../measure/profiles/cells.ts';
import { withContents } from '../../measure/user-file.ts';
import { type RunRequest, resolveOptions } from '../../plan/options/run.ts';
import type { ServerNodeRequest } from '../../plan/options/server-node.ts';
import { faultsOutlook } from '../../plan/schedule/outlook.ts';
import { createOutFolder, defaultFolder } from '../../store/out-folder.ts';
import { ProfilesFolder } from '../../store/profiles-folder.ts';
import { RunFile } from '../../store/run-file.ts';
import type { Manifest } from '../../store/schema.ts';
import { packageVersion } from '../../version.ts';
import { durationText, startProgress } from './progress.ts';
import { finish, type ResultArgs, recordAll } from './recording.ts';
import {
  BEFORE_FIRST_TRIAL,
  choicesHere,
  serversAsked,
  startMeasuring,
  unlessSkipped,
  withSession,
} from './session.ts';

export interface RunArgs extends RunRequest, ResultArgs, ServerNodeRequest {
  readonly out?: string | undefined;
  /** File of a config, or `none`. */
  readonly config?: string | undefined;
  /** Those of the config that are meant. */
  readonly workload?: readonly string[] | undefined;
  /** Required only where it is measured. */
  readonly requireIfMeasured?: readonly string[] | undefined;
  /** Profile every cell after its rounds. */
  readonly profile?: boolean | undefined;
}

/** Measures what the flags say, and for what they leave open the config file of the working folder. */
export async function measureRun(args: RunArgs, io: Io): Promise<number> {
  const found = await loadConfig(args.config);
  if (found === null) {
    const [workload] = args.workload ?? [];
    if (workload === undefined) return measure(args, io);
    throw new UserError(`--workload ${workload}: there is no config file; fourways init writes one`);
  }
  if (args.quiet !== true) io.err.write(`Using ${found.file}; --config ${NO_CONFIG} leaves it out\n`);
  if (found.printed !== '') io.err.write(`${found.printed}\n`);
  try {
    return await measure(withConfig(found, args, args.workload), io);
  } catch (error) {
    throw inConfig(error, found, args);
  }
}

/** How much faults add, which is known before anything is measured: the budget is not for them. */
function faultsText(manifest: Manifest): string {
  const { trials, ms } = faultsOutlook(manifest);
  const beyond = manifest.budgetMs === null ? '' : ', beyond the budget';
  return `faults: ${trials} trials after everything else, about ${durationText(ms)}${beyond}`;
}

/** Measures the matrix, writes the run file, the summary and the report, and prints the result. */
async function measure(asked: RunArgs, io: Io): Promise<number> {
  const args = { ...asked, strict: isStrict(asked, io.env) };
  const startedAt = io.now();
  const folder = args.out ?? defaultFolder(startedAt);
  const options = resolveOptions(withContents(args), { ...choicesHere(startedAt, args.runtime), seed: null });
  const requirements = parseRequirements(args.require);
  const servers = serversAsked(
    args,
    options.runtimes.map(({ path }) => resolve(path)),
  );
  const ifMeasured = parseRequirements(args.requireIfMeasured);
  createOutFolder(folder);
  const measuring = await startMeasuring(io, servers);
  const progress = startProgress(io.err, () => performance.now(), args.quiet);
  return withSession({
    processes: measuring,
    progress,
    folders: [folder],
    ifInterrupted: BEFORE_FIRST_TRIAL,
    measure: async (signal) => {
      const about = { version: packageVersion(), startedAt };
      for (const note of options.services.flatMap(({ notes }) => notes)) progress.told(note);
      const prepared = await prepare(measuring, options, about, progress, signal);
      checkRequirements(requirements, prepared.manifest);
      for (const { asked } of ifMeasured.filter((one) => !isMeasured(one, prepared.manifest))) {
        progress.warn(`require '${asked}' is about nothing that is measured here, and is left out`);
      }
      for (const { message, nextStep } of toldBeforehand(prepared.manifest)) progress.warn(`${message} → ${nextStep}`);
      if (prepared.manifest.faults !== null) progress.told(faultsText(prepared.manifest));
      const file = RunFile.create(folder, prepared.manifest);
      const run = await recordAll(measuring, prepared, { additions: [], trials: [] }, file, progress, io, signal);
      if (args.profile === true) {
        await unlessSkipped(signal, () =>
          profileCells(measuring, prepared, run, new ProfilesFolder(folder), progress, signal),
        );
      }
      return run;
    },
    conclude: (run) => {
      const measured = ifMeasured.filter((one) => isMeasured(one, run.manifest)).map(({ asked }) => asked);
      return finish(run, folder, { ...args, require: [...(args.require ?? []), ...measured] }, io);
    },
  });
}
