import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeReport } from '../../reports/write.ts';
import { defaultScenarios } from '../../scenarios/index.ts';
import { models } from '../../servers/index.ts';
import { codeOf, EXIT, UserError } from '../errors.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { summarise } from '../judge/summary.ts';
import type { Summary } from '../judge/summary-schema.ts';
import { availableCpus } from '../measure/available-cpus.ts';
import type { Measuring } from '../measure/measuring.ts';
import { measureAll, type Prepared, prepare } from '../measure/run.ts';
import { exitCodeOf, type Format, printSummary } from '../output.ts';
import { type RunOptions, type RunRequest, resolveOptions } from '../plan/options.ts';
import { type Progress, startProgress } from '../progress.ts';
import { createOutFolder, defaultFolder, removeIfEmpty } from '../store/out-folder.ts';
import { RunFile } from '../store/run-file.ts';
import type { End, Manifest, Trial } from '../store/schema.ts';
import { packageVersion } from '../version.ts';

export interface RunCommand extends RunRequest {
  readonly out?: string | undefined;
  readonly format: Format;
}

/** Spawn, verify and stop, as a first guess for the time left. */
const AROUND_A_TRIAL_MS = 700;

/** `fourways run`: measures the matrix, writes the run file, the summary and the report, and prints the tables. */
export async function runCommand(command: RunCommand, io: Io, startMeasuring: () => Measuring): Promise<number> {
  const startedAt = io.now();
  const folder = command.out ?? defaultFolder(startedAt);
  const options = resolveOptions(command, {
    models: Object.keys(models),
    defaultScenarios,
    cpus: availableCpus().count,
    seed: startedAt.getTime() % 2 ** 32,
  });
  createOutFolder(folder);
  const measuring = startMeasuring();
  const progress = startProgress(
    io.err,
    trialCount(options),
    options.warmUpCapMs + options.measureMs + AROUND_A_TRIAL_MS,
    Date.now,
  );
  try {
    return await interruptible(async (signal) => {
      const about = { version: packageVersion(), startedAt };
      const prepared = await prepare(measuring, options, about, progress, signal);
      const { trials, end } = await recordAll(measuring, prepared, folder, progress, io, signal);
      progress.end();
      await measuring.close();
      const summary = summarise({ manifest: prepared.manifest, trials, end });
      await writeResults(summary, folder);
      if (end.reason === 'interrupted') {
        io.err.write(interruptedText(trials.length, prepared.manifest, folder));
        return EXIT.interrupted;
      }
      printSummary(summary, command.format, io.out);
      io.err.write(`Report: ${join(folder, 'report', 'index.html')}\n`);
      return exitCodeOf(summary);
    });
  } finally {
    progress.end();
    await measuring.close();
    removeIfEmpty(folder);
  }
}

/** Measures into a new folder. A signal ends it early; what was finished by then is in the file either way. */
async function recordAll(
  measuring: Measuring,
  prepared: Prepared,
  folder: string,
  progress: Progress,
  io: Io,
  signal: AbortSignal,
): Promise<{ trials: readonly Trial[]; end: End }> {
  const file = new RunFile(folder, prepared.manifest);
  const trials: Trial[] = [];
  const record = (trial: Trial): void => {
    file.append(trial);
    trials.push(trial);
  };
  const endWith = (reason: End['reason']): End => {
    const end: End = { type: 'end', at: io.now().toISOString(), reason };
    file.append(end);
    file.close();
    return end;
  };
  try {
    await measureAll(measuring, prepared, record, progress, signal);
  } catch (error) {
    if (signal.aborted) return { trials, end: endWith('interrupted') };
    // The disk may be what failed: then there is nothing to be added, and the first error is the one that counts.
    if (!(error instanceof UserError)) endWith('stopped');
    throw error;
  }
  return { trials, end: endWith('complete') };
}

async function writeResults(summary: Summary, folder: string): Promise<void> {
  try {
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await writeReport(summary, join(folder, 'report'));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UserError(
      `--out ${folder}: the report cannot be written (${codeOf(error)}); the trials are in run.ndjson`,
    );
  }
}

function trialCount({ scenarios, models: names, rounds }: RunOptions): number {
  return scenarios.length * names.length * rounds;
}

function interruptedText(done: number, { cells, rounds }: Manifest, folder: string): string {
  if (done === 0) return 'Interrupted before the first trial had ended; there is nothing to report.\n';
  return `Interrupted: ${done} of ${cells.length * rounds} trials are kept. 'fourways report ${folder}' shows them.\n`;
}
