/** What a new run and a resumed one have in common: measuring into a run file, and telling what came of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeHdr } from '../../../reports/hdr-export.ts';
import { writeReport } from '../../../reports/write.ts';
import { codeOf, EXIT, UserError } from '../../errors.ts';
import { withRequirements } from '../../judge/requirements/judge.ts';
import type { Summary } from '../../judge/schema/summary.ts';
import { summarise } from '../../judge/summary.ts';
import { type RunTraces, tracesOf } from '../../judge/traces/traces.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { measureAll, type Prepared, type Recorded } from '../../measure/run.ts';
import { visitsOf } from '../../plan/schedule/visits.ts';
import type { RunFile } from '../../store/run-file.ts';
import type { Addition, End, Recalibration, Run, Trial } from '../../store/schema.ts';
import { withCalibration } from '../../store/with-calibration.ts';
import { exitCodeOf, type Format, printSummary } from '../formats.ts';
import type { Io } from '../io.ts';
import type { Progress } from './progress.ts';

/**
 * Measures what is due into the file, and closes it. A signal ends it early; what was finished by then is in the file
 * either way.
 */
export async function recordAll(
  measuring: Measuring,
  prepared: Prepared,
  done: Recorded,
  file: RunFile,
  progress: Progress,
  io: Io,
  signal: AbortSignal,
): Promise<Run> {
  let { manifest } = prepared;
  const additions = [...done.additions];
  const trials = [...done.trials];
  const record = (line: Addition | Recalibration | Trial): void => {
    file.append(line);
    if (line.type === 'trial') trials.push(line);
    else if (line.type === 'addition') additions.push(line);
    else manifest = withCalibration(manifest, line);
  };
  const endWith = (reason: End['reason']): Run => {
    const end: End = { type: 'end', at: io.now().toISOString(), reason };
    file.append(end);
    file.close();
    return { manifest, additions, trials, end };
  };
  try {
    await measureAll(measuring, prepared, done, record, progress, signal);
  } catch (error) {
    if (signal.aborted) return endWith('interrupted');
    // The disk may be what failed: then there is nothing to be added, and the first error is the one that counts.
    if (!(error instanceof UserError)) endWith('stopped');
    throw error;
  }
  return endWith('complete');
}

/** What is made of a run that has ended. */
export interface ResultOptions {
  readonly format: Format;
  /** Write `.hgrm` files as well. */
  readonly hdr?: boolean | undefined;
  /** What must hold, as it was given. */
  readonly require?: readonly string[] | undefined;
  /** A requirement of which nothing can be said is not fine. */
  readonly strict?: boolean | undefined;
}

/** Writes summary and report, and says where they are. Returns the exit code. */
export async function finish(run: Run, folder: string, result: ResultOptions, io: Io): Promise<number> {
  const { format, hdr, require } = result;
  const isWhole = run.end?.reason !== 'interrupted';
  // Half a run is nothing to judge by, and can be gone on with.
  const summary = withRequirements(summarise(run), run, isWhole ? require : []);
  await writeResults(summary, tracesOf(run), folder, io);
  if (hdr === true) await writeHdr(run, folder);
  if (!isWhole) {
    io.err.write(interruptedText(run, folder));
    return EXIT.interrupted;
  }
  printSummary(summary, format, io.out);
  io.err.write(`Report: ${join(folder, 'report', 'index.html')}\n`);
  return exitCodeOf(summary, result);
}

async function writeResults(summary: Summary, traces: RunTraces, folder: string, io: Io): Promise<void> {
  try {
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await (io.writeReport ?? writeReport)({ summary, traces }, join(folder, 'report'));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UserError(
      `${folder}: the report cannot be written (${codeOf(error)}); the trials are in run.ndjson, and fourways report ${folder} draws it again`,
    );
  }
}

function interruptedText({ manifest, additions, trials }: Run, folder: string): string {
  const valid = trials.filter(({ outcome }) => outcome.status === 'ok').length;
  const planned = visitsOf(manifest, additions).length;
  const kept = `${valid} of ${planned} trials are kept`;
  const shown = valid === 0 ? '' : `, 'fourways report ${folder}' shows them`;
  return `Interrupted: ${kept}. 'fourways run --resume ${folder}' goes on${shown}.\n`;
}
