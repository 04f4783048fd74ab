import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { historyChart } from '../../../../reports/history/chart.ts';
import { drawn } from '../../../../reports/images/draw.ts';
import { DEFAULT_IMAGES } from '../../../../reports/images/options.ts';
import { visible } from '../../../../reports/words/escape.ts';
import { writeImages } from '../../../../reports/write.ts';
import type { Io } from '../../../command-line/command.ts';
import { EXIT, UserError } from '../../../errors.ts';
import { historyLine } from '../../../judge/history/line.ts';
import { historyView, isSameRun, runName, worsenedWithin } from '../../../judge/history/view.ts';
import { RUN_METRICS, type RunMetric } from '../../../judge/metrics/derived.ts';
import type { HistoryView } from '../../../judge/schema/history.ts';
import { didYouMean, integerFlag } from '../../../plan/options/values.ts';
import {
  appendHistory,
  DEFAULT_HISTORY,
  type History,
  keepBaseline,
  readHistory,
} from '../../../store/history-file.ts';
import type { HistoryLine } from '../../../store/history-schema.ts';
import { createOutFolder } from '../../../store/out-folder.ts';
import { readRun } from '../../../store/read-run.ts';
import { runFilePath } from '../../../store/run-file.ts';
import { historyFormats, print } from '../../formats.ts';
import { branchHere } from './branch.ts';

export interface HistoryArgs {
  /** `add`, or nothing for showing it. */
  readonly action?: string | undefined;
  readonly run?: string | undefined;
  readonly history?: string | undefined;
  readonly branch?: string | undefined;
  readonly metric?: readonly string[] | undefined;
  readonly 'fail-on-change'?: number | undefined;
  readonly salvage: boolean;
  readonly out?: string | undefined;
  readonly format: string;
}

/** `fourways history`, and `fourways history add`. */
export async function history(args: HistoryArgs, io: Io): Promise<number> {
  const { action, run } = args;
  if (action === undefined) return show(args, io);
  if (action !== 'add') {
    throw new UserError(`fourways history ${action}: give 'add' and a run, or nothing to show the history`);
  }
  if (run === undefined) throw new UserError('fourways history add needs <run>; name the folder of a run');
  return add({ ...args, run }, io);
}

function add(args: HistoryArgs & { readonly run: string }, { out, err }: Io): number {
  const file = args.history ?? DEFAULT_HISTORY;
  const path = fileOf(args.run);
  const branch = args.branch ?? branchHere(process.env);
  if (branch === null) {
    throw new UserError('history add: neither git nor CI tells the branch; give it with --branch, as in --branch main');
  }
  const line = historyLine(readRun(path, args), branch);
  if (line.cells.length === 0) {
    throw new UserError(`${path} has no valid trial to keep; fourways report ${args.run} shows why`);
  }
  const known = readHistory(file) ?? { lines: [], skipped: [], isCutOff: false };
  tell(known, err);
  const name = `${runName({ commit: commitOf(line), startedAt: line.startedAt })} of ${line.branch}`;
  const there = known.lines.find((one) => isSameRun(one, line));
  if (there === undefined) appendHistory(file, line, known);
  // Also of one that is there: its copy may have failed.
  const { branch: own, startedAt } = there ?? line;
  const isLater = (one: HistoryLine): boolean =>
    one.branch === own && Date.parse(one.startedAt) > Date.parse(startedAt);
  if (!known.lines.some(isLater)) keepBaseline(file, own, path);
  if (there !== undefined) {
    out.write(`${visible(`${args.run} (${name}) is in ${file} already; nothing was added`)}\n`);
    return EXIT.fine;
  }
  out.write(`${visible(`${args.run} (${name}) was added to ${file}, run ${known.lines.length + 1}`)}\n`);
  return EXIT.fine;
}

function commitOf({ commit }: HistoryLine): string | null {
  return commit === null ? null : `${commit.id}${commit.dirty ? '+' : ''}`;
}

/** Of an `ab` the head is what is new. */
function fileOf(argument: string): string {
  const head = join(argument, 'head');
  return runFilePath(existsSync(runFilePath(argument)) || !existsSync(head) ? argument : head);
}

async function show(args: HistoryArgs, io: Io): Promise<number> {
  const file = args.history ?? DEFAULT_HISTORY;
  const newest = args['fail-on-change'];
  if (newest !== undefined) integerFlag('--fail-on-change', newest, 1, Number.MAX_SAFE_INTEGER);
  const metrics = metricsOf(args.metric);
  const known = readHistory(file);
  if (known === null) {
    throw new UserError(`${file} is not there; 'fourways history add <run>' begins a history, --history names another`);
  }
  tell(known, io.err);
  if (known.lines.length === 0) throw new UserError(`${file} has no run in it; 'fourways history add <run>' adds one`);
  const view = historyView(known.lines, { branch: args.branch, metrics });
  if (args.out !== undefined) await draw(view, metrics, args.out, io);
  await print(view, historyFormats, args, io);
  return newest !== undefined && worsenedWithin(view, newest).length > 0 ? EXIT.broken : EXIT.fine;
}

/** What of a history could not be read. */
function tell({ skipped }: History, err: Io['err']): void {
  for (const line of skipped) err.write(`${visible(line)}\n`);
}

function metricsOf(asked: HistoryArgs['metric'] = ['cpu-per-request']): readonly RunMetric[] {
  const known = RUN_METRICS.map(({ name }) => name);
  return asked.map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined)
      throw new UserError(`--metric ${name}: there is no such metric.${didYouMean(name, known)}`);
    return found;
  });
}

async function draw(view: HistoryView, metrics: readonly RunMetric[], folder: string, { err }: Io): Promise<void> {
  createOutFolder(folder);
  const charts = metrics.map(async (metric) =>
    drawn(`history-${metric}`, null, `history-${metric}`, historyChart(view, metric), DEFAULT_IMAGES),
  );
  const paths = await writeImages(await Promise.all(charts), folder, DEFAULT_IMAGES);
  for (const path of paths) err.write(`${path}\n`);
}
