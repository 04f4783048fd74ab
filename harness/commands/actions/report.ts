import { dirname, join, resolve } from 'node:path';
import { charts, overviews } from '../../../reports/charts/index.ts';
import { writeHdr } from '../../../reports/hdr-export.ts';
import { type ImageFlags, type ImageOptions, parseImageOptions } from '../../../reports/images/options.ts';
import { type LabelledRun, sideBySide } from '../../../reports/side-by-side/summary.ts';
import { visible } from '../../../reports/words/escape.ts';
import { omissions, type Reported, type WrittenReport, writeReport } from '../../../reports/write.ts';
import { codeOf, messageOf, UserError } from '../../errors.ts';
import { withRequirements } from '../../judge/requirements/judge.ts';
import { summarise } from '../../judge/summary.ts';
import { tracesOf } from '../../judge/traces/traces.ts';
import { createOutFolder, defaultFolder, removeIfEmpty } from '../../store/out-folder.ts';
import { exitCodeOf, type Format, printSummary } from '../formats.ts';
import type { Io } from '../io.ts';
import { type ReadRun, readRuns } from './report-runs.ts';

export interface ReportCommand extends ImageFlags {
  /** Each a folder of a run, or its run.ndjson, or one of these behind `label=`. */
  readonly run: readonly string[];
  readonly out?: string | undefined;
  readonly salvage: boolean;
  readonly format: Format;
  /** Show what was written in the viewer of the system. */
  readonly open?: boolean | undefined;
  /** Write `.hgrm` files as well. */
  readonly hdr?: boolean | undefined;
  /** What must hold, as it was given. */
  readonly require?: readonly string[] | undefined;
  /** A requirement of which nothing can be said is not fine. */
  readonly strict?: boolean | undefined;
}

/** Shows a file or folder, an absolute path, in the viewer of the system; rejects when it cannot. */
type Open = (path: string) => Promise<void>;

/** `fourways report`: draws everything again from run files alone, several of them side by side. */
export async function reportCommand(command: ReportCommand, io: Io, open: Open): Promise<number> {
  const images = parseImageOptions(command, [...Object.keys(overviews), ...Object.keys(charts)]);
  refuseTogether(command);
  const runs = readRuns(command.run, command);
  const shown = runs.map(({ label, run }): LabelledRun => {
    const summary = withRequirements(summarise(run), run, command.require);
    return { label, summary, traces: tracesOf(run) };
  });
  const report: Reported = shown.length === 1 && shown[0] !== undefined ? shown[0] : sideBySide(shown);
  const folder = createFolder(command, runs, io.now());
  const written = await write(report, folder, images, command, runs, io);
  if (written.index === null) {
    printImages(written, io);
  } else {
    printReport(report, shown, command.format, io);
    io.err.write(`Report: ${written.index}\n`);
  }
  if (command.open === true) await show(written, folder, io, open);
  return exitCodeOf(report.summary, command);
}

/** Flags that mean nothing beside each other. Throws UserError. */
function refuseTogether({ run, chart, require, hdr, format }: ReportCommand): void {
  const isAsked = (require ?? []).length > 0;
  if (run.length > 1 && isAsked) throw new UserError('--require is judged in one run; ask one run at a time');
  if (run.length > 1 && hdr === true)
    throw new UserError('--hdr writes the latencies of one run; give one run at a time');
  if (chart === undefined) return;
  if (isAsked) throw new UserError('--require is told in the report; leave out --chart, which draws images alone');
  if (format !== 'text') {
    throw new UserError(`--format ${format}: with --chart the paths of the images are printed; leave one of them out`);
  }
}

/** Beside its run a report may be drawn again; anywhere else nothing is overwritten. */
function createFolder({ out }: ReportCommand, runs: readonly ReadRun[], now: Date): string {
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
  { out, hdr }: ReportCommand,
  runs: readonly ReadRun[],
  io: Io,
): Promise<WrittenReport> {
  const { err } = io;
  const tells = err.isTTY === true;
  try {
    if (tells) err.write('Drawing the report …');
    const written = await (io.writeReport ?? writeReport)(report, folder, images);
    if (hdr === true) for (const { run, path } of runs) await writeHdr(run, out ?? dirname(path));
    return written;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    const what = out === undefined ? folder : `--out ${folder}`;
    const wayOut = `${out === undefined ? 'give --out with' : 'name'} a folder that you may write to`;
    throw new UserError(`${what} cannot be written (${codeOf(error)}); ${wayOut}`);
  } finally {
    if (tells) err.write('\u001b[2K\r');
    removeIfEmpty(folder);
  }
}

function printReport({ summary }: Reported, shown: readonly LabelledRun[], format: Format, { out }: Io): void {
  if (shown.length > 1 && format === 'json') {
    // Each as its own run has it: side by side they are something to look at, and not a summary.
    const own = shown.map((run) => run.summary);
    out.write(`${JSON.stringify(own, null, 2)}\n`);
  } else {
    printSummary(summary, format, out);
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
async function show({ index, charts: paths }: WrittenReport, folder: string, { err }: Io, open: Open): Promise<void> {
  const [first = folder] = paths;
  const path = index ?? (paths.length === 1 ? first : folder);
  try {
    await open(resolve(path));
  } catch (error) {
    err.write(`${visible(`--open: there is nothing to open it with here (${messageOf(error)}); it is at ${path}`)}\n`);
  }
}
