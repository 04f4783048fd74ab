/** Recording trials in run files, and what a run leaves behind: summary, report, exit code. */
import { join } from 'node:path';
import { writeHdr } from '../../../reports/hdr-export.ts';
import type { Io } from '../../command-line/command.ts';
import { codeOf, codeOfFile, EXIT, UserError } from '../../errors.ts';
import { exitCodeOf, type Strictness } from '../../judge/exit-code.ts';
import { timeToAnswer } from '../../judge/next/settling.ts';
import { withRequirements } from '../../judge/requirements/judge.ts';
import type { Summary } from '../../judge/schema/summary.ts';
import { summarise } from '../../judge/summary.ts';
import { tracesOf } from '../../judge/traces/traces.ts';
import { list } from '../../judge/words.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { measureAll, type Prepared, type Recorded } from '../../measure/run.ts';
import { faultsOutlook } from '../../plan/schedule/outlook.ts';
import type { AnyTrial } from '../../plan/schedule/remaining.ts';
import { visitsOf } from '../../plan/schedule/visits.ts';
import { readProfiles } from '../../store/profiles-folder.ts';
import { writeAnew } from '../../store/out-folder.ts';
import type { RunFile } from '../../store/run-file.ts';
import type { Addition, End, Recalibration, Run } from '../../store/schema.ts';
import { print, summaryFormats } from '../formats.ts';
import { durationText, type Progress } from './progress.ts';

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
  const record = (line: Addition | Recalibration | AnyTrial): void => file.append(line);
  const measure = (): Promise<void> => measureAll(measuring, prepared, done, record, progress, signal);
  await recordEnd([file], measure, io, signal);
  return file.run;
}

/** Measures into the files, and closes them with the reason for which it has ended. */
export async function recordEnd(
  files: readonly RunFile[],
  measure: () => Promise<void>,
  io: Io,
  signal: AbortSignal,
): Promise<End> {
  const close = (reason: End['reason']): End => {
    const end: End = { type: 'end', at: io.now().toISOString(), reason };
    for (const file of files) {
      file.append(end);
      file.close();
    }
    return end;
  };
  try {
    await measure();
  } catch (error) {
    if (signal.aborted) return close('interrupted');
    // The disk may be what failed: then nothing can be added, and the first error is the one that matters.
    if (!(error instanceof UserError)) close('stopped');
    throw error;
  }
  return close('complete');
}

/** What to make of a run that has ended. */
export interface ResultArgs extends Strictness {
  readonly format: string;
  /** Print tables as well. */
  readonly detail?: boolean | undefined;
  /** Nothing on stderr but errors and warnings. */
  readonly quiet?: boolean | undefined;
  /** Write `.hgrm` files as well. */
  readonly hdr?: boolean | undefined;
  /** What must hold, as written on the command line. */
  readonly require?: readonly string[] | undefined;
}

/** The same, with what follows from the environment. */
export interface Concluding extends ResultArgs {
  /** A requirement that is undecided fails as well. */
  readonly strict: boolean;
}

/** Writes summary and report, and prints the result. Returns the exit code. */
export async function finish(run: Run, folder: string, args: Concluding, io: Io): Promise<number> {
  const isWhole = run.end?.reason !== 'interrupted';
  // Half a run is not judged: it can be continued.
  const summary = withRequirements(summarise(run), run, isWhole ? args.require : []);
  const profiles = readProfiles(folder);
  await writeResults(folder, summary, `fourways report ${folder} rebuilds the report`, async () => {
    const { writeReport } = await import('../../../reports/write.ts');
    await (io.writeReport ?? writeReport)({ summary, traces: tracesOf(run), profiles }, join(folder, 'report'));
  });
  if (args.hdr === true) writeHdr(run, folder);
  if (!isWhole) {
    io.err.write(interruptedText(run, folder));
    return EXIT.interrupted;
  }
  await print({ summary, runs: [summary], profiles }, summaryFormats, args, io);
  if (args.quiet !== true)
    io.err.write(`${moreText(run, summary, folder)}Report: ${join(folder, 'report', 'index.html')}\n`);
  return exitCodeOf(summary, args);
}

/** Writes the summary and whatever else follows from the run file in this folder; `wayOut` is what can do so later. */
export async function writeResults(
  folder: string,
  summary: Summary,
  wayOut: string,
  more?: () => Promise<void>,
): Promise<void> {
  try {
    writeAnew(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await more?.();
  } catch (error) {
    if (codeOfFile(error) === undefined) throw error;
    throw new UserError(
      `${folder}: the results cannot be written (${codeOf(error)}); the trials are in run.ndjson, and ${wayOut}`,
    );
  }
}

/** As it was called: what npx runs is not on the path. */
export const COMMAND = process.env['npm_command'] === 'exec' ? 'npx fourways' : 'fourways';

/** More than this need not be asked for. */
const LONGEST_WORTH_IT_MS = 3_600_000;
const STEP_MS = 30_000;
/** Nobody knows so long a time to the second. */
const ROUGH_FROM_MS = 120_000;

/** What more time would probably decide, and how to spend it; empty when nothing is open, or it would take for ever. */
function moreText(run: Run, { scenarios }: Summary, folder: string): string {
  // Without an answer that is on its way, nobody knows how long it takes.
  const open = scenarios
    .filter(({ decision, answers }) => decision === null && answers.some((one) => (one.roundsToAnswer ?? 0) > 0))
    .map(({ id }) => id);
  const { names, ms } = timeToAnswer(run, open);
  if (names.length === 0 || ms > LONGEST_WORTH_IT_MS) return '';
  // Rounds that come out differently are the rule.
  const steps = Math.ceil((1.5 * ms) / STEP_MS);
  const budget = steps % 2 === 0 ? `${steps / 2}m` : steps === 1 ? '30s' : `${Math.ceil(steps / 2)}m`;
  const about = ms < ROUGH_FROM_MS ? durationText(ms) : `${Math.round(ms / 60_000)} min`;
  return `About ${about} more would probably decide ${list(names)}:\n  ${COMMAND} run --resume ${folder} --budget ${budget}\n`;
}

function interruptedText({ manifest, additions, trials, faulted = [] }: Run, folder: string): string {
  const valid = [...trials, ...faulted].filter(({ outcome }) => outcome.status === 'ok').length;
  const ahead = faultsOutlook(manifest, additions).trials;
  const planned = visitsOf({ ...manifest, yardstick: null }, additions).length + ahead;
  const shown = valid === 0 ? '' : `, 'fourways report ${folder}' shows it`;
  return `Interrupted: ${valid} of ${planned} trials were kept. 'fourways run --resume ${folder}' continues the run${shown}.\n`;
}
