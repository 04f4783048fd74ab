import { dirname, join, resolve } from 'node:path';
import { allCharts } from '../../../reports/charts/index.ts';
import { writeHdr } from '../../../reports/hdr-export.ts';
import { type ImageFlags, type ImageOptions, parseImageOptions } from '../../../reports/images/options.ts';
import { type LabelledRun, sideBySide } from '../../../reports/side-by-side/summary.ts';
import { visible } from '../../../reports/words/escape.ts';
import { omissions, type Reported, type WrittenReport, writeReport } from '../../../reports/write.ts';
import type { Io } from '../../command-line/command.ts';
import { codeOf, codeOfFile, messageOf, UserError, wayOut } from '../../errors.ts';
import { exitCodeOf, isStrict } from '../../judge/exit-code.ts';
import { withRequirements } from '../../judge/requirements/judge.ts';
import { summarise } from '../../judge/summary.ts';
import { tracesOf } from '../../judge/traces/traces.ts';
import { createOutFolder, defaultFolder, removeIfEmpty } from '../../store/out-folder.ts';
import { readProfiles } from '../../store/profiles-folder.ts';
import { print, summaryFormats } from '../formats.ts';
import { openHere } from './open-file.ts';
import { CLEAR_LINE } from './progress.ts';
import type { ResultArgs } from './recording.ts';
import { type ReadRun, readRuns } from './report-runs.ts';

export interface ReportArgs extends ImageFlags, ResultArgs {
  /** Each a folder of a run, or its run.ndjson, or one of these behind `label=`. */
  readonly run: readonly string[];
  readonly out?: string | undefined;
  readonly salvage: boolean;
  /** Open what was written in the default application. */
  readonly open?: boolean | undefined;
}

/** Draws everything again from run files alone, several of them side by side. */
export async function reportRuns(asked: ReportArgs, io: Io): Promise<number> {
  const args = { ...asked, strict: isStrict(asked, io.env) };
  const images = parseImageOptions(args, Object.keys(allCharts));
  refuseTogether(args);
  const runs = readRuns(args.run, args);
  const shown = runs.map(({ label, run, path }): LabelledRun & Pick<Reported, 'profiles'> => {
    const summary = withRequirements(summarise(run), run, args.require);
    return { label, summary, traces: tracesOf(run), profiles: readProfiles(dirname(path)) };
  });
  const report: Reported = shown.length === 1 && shown[0] !== undefined ? shown[0] : sideBySide(shown);
  const folder = createFolder(args, runs, io.now());
  const written = await write(report, folder, images, args, runs, io);
  if (written.index === null) {
    printImages(written, io);
  } else {
    await print({ ...report, runs: shown.map(({ summary }) => summary) }, summaryFormats, args, io);
    io.err.write(`Report: ${written.index}\n`);
  }
  if (args.open === true) await show(written, folder, io);
  return exitCodeOf(report.summary, args);
}

/** Refuses flags that exclude each other. Throws UserError. */
function refuseTogether({ run, chart, require, hdr, format }: ReportArgs): void {
  const isAsked = (require ?? []).length > 0;
  if (run.length > 1 && isAsked) throw new UserError('--require is judged in one run; give one run at a time');
  if (run.length > 1 && hdr === true)
    throw new UserError('--hdr writes the latencies of one run; give one run at a time');
  if (chart === undefined) return;
  if (isAsked) throw new UserError('--require is judged in the report; leave out --chart, which writes only images');
  if (format !== 'text') {
    throw new UserError(`--format ${format}: with --chart the paths of the images are printed; leave one of them out`);
  }
}

/** Beside its run a report may be drawn again; anywhere else nothing is overwritten. */
function createFolder({ out }: ReportArgs, runs: readonly ReadRun[], now: Date): string {
  const [first] = runs;
  if (out === undefined && runs.length === 1 && first !== undefined) return join(dirname(first.path), 'report');
  const folder = out ?? `${defaultFolder(now)}-report`;
  createOutFolder(folder);
  return folder;
}

async function write(
  report: Reported,
  folder: string,
  images: ImageOptions,
  { out, hdr }: ReportArgs,
  runs: readonly ReadRun[],
  io: Io,
): Promise<WrittenReport> {
  const { err } = io;
  const isTerminal = err.isTTY === true;
  try {
    if (isTerminal) err.write('Drawing the report …');
    const written = await (io.writeReport ?? writeReport)(report, folder, images);
    if (hdr === true) for (const { run, path } of runs) writeHdr(run, out ?? dirname(path));
    return written;
  } catch (error) {
    if (codeOfFile(error) === undefined) throw error;
    const what = out === undefined ? folder : `--out ${folder}`;
    const elsewhere = `${out === undefined ? 'give --out with' : 'name'} a folder that you may write to`;
    throw new UserError(`${what} cannot be written (${codeOf(error)}); ${wayOut(codeOf(error), elsewhere)}`);
  } finally {
    if (isTerminal) err.write(CLEAR_LINE);
    removeIfEmpty(folder);
  }
}

/** The images that were written, and why others were not. Throws UserError when there is none. */
function printImages({ charts: paths, omitted }: WrittenReport, { out, err }: Io): void {
  const lines = omissions(omitted);
  if (paths.length === 0) {
    throw new UserError(`--chart: ${lines.join('; ')}; name another chart, or leave --chart out`);
  }
  for (const line of lines) err.write(`${visible(line.replace('n', 'N'))}\n`);
  out.write(paths.map((path) => `${path}\n`).join(''));
}

/** The page, the only image, or the folder where there are several. What cannot be shown is there all the same. */
async function show(
  { index, charts: paths }: WrittenReport,
  folder: string,
  { err, open = openHere }: Io,
): Promise<void> {
  const [first = folder] = paths;
  const path = index ?? (paths.length === 1 ? first : folder);
  try {
    await open(resolve(path));
  } catch (error) {
    err.write(`${visible(`--open: nothing here can open it (${messageOf(error)}); it is at ${path}`)}\n`);
  }
}
