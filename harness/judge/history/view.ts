/** What a history says: its series, their changes, and the sentences. A pure function of its lines. */
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../plan/options/values.ts';
import { FEWEST_TRIALS, LEVEL } from '../../stats/estimate.ts';
import { type ChangePoint, changePoints } from '../../stats/series/change-points.ts';
import { studentQuantile } from '../../stats/student.ts';
import { HISTORY_VERSION, type HistoryLine, type HistoryPlace } from '../../store/history-schema.ts';
import { changeInWords } from '../change/sentence.ts';
import { type RunMetric, runMetric } from '../metrics/derived.ts';
import type { HistoryChange, HistoryRun, HistorySeries, HistoryView } from '../schema/history.ts';
import { list } from '../words.ts';
import { type Series, type SeriesRun, seriesOf } from './series.ts';

export interface HistoryAsked {
  /** That with most runs, when left out. */
  readonly branch: string | undefined;
  readonly metrics: readonly RunMetric[];
}

/** That any change is shown where there is none, in all series together. */
const ERROR = 0.05;
/** In fewer runs than this no order of them is rare enough. */
const FEWEST_RUNS = 6;
const SEED = 1;

/** Throws UserError when there is nothing to show. `lines` are not empty. */
export function historyView(all: readonly HistoryLine[], asked: HistoryAsked): HistoryView {
  const branch = asked.branch ?? mostUsed(all.map((line) => line.branch));
  const lines = ofBranch(all, branch);
  const found = seriesOf(lines, asked.metrics);
  if (found.length === 0) {
    throw new UserError(`--metric ${asked.metrics.join(',')}: no run of ${branch} has it; name another metric`);
  }
  const judged = found.filter(({ runs }) => runs.length >= FEWEST_RUNS).length;
  const series = found.map((one) => viewOf(one, ERROR / Math.max(1, judged)));
  return {
    tool: 'fourways',
    history: HISTORY_VERSION,
    branch,
    runs: lines.length,
    series,
    notes: [...notesOf(found, lines), ...otherBranches(all, branch)],
    sentence: sentenceOf(series, branch, lines.length),
  };
}

/** The last of those that occur most often. */
function mostUsed(names: readonly string[]): string {
  const count = (name: string): number => names.filter((one) => one === name).length;
  return names.toReversed().reduce((best, name) => (count(name) > count(best) ? name : best), names.at(-1) ?? '');
}

/** In the order of time, each run once: where two copies of a history were merged, lines are in it twice. */
function ofBranch(all: readonly HistoryLine[], branch: string): readonly HistoryLine[] {
  const lines = all.filter((line) => line.branch === branch);
  if (lines.length === 0) {
    const known = [...new Set(all.map((line) => line.branch))];
    throw new UserError(`--branch ${branch}: the history has no run of it.${didYouMean(branch, known)}`);
  }
  return lines
    .filter((line, i) => lines.findIndex((one) => isSameRun(one, line)) === i)
    .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}

/** No machine starts two runs at the same millisecond. */
export function isSameRun(a: HistoryLine, b: HistoryLine): boolean {
  return a.startedAt === b.startedAt && a.machine.cpuModel === b.machine.cpuModel;
}

function viewOf(series: Series, error: number): HistorySeries {
  const { cell, metric, machine, node, setting, isRelative, runs } = series;
  const changes =
    runs.length < FEWEST_RUNS
      ? []
      : changePoints(
          runs.map(({ judged }) => judged),
          { error, seed: SEED },
        );
  return {
    ...{ cell, metric, ...machine, node, setting, unit: unitOf(metric), isRelative },
    points: runs.map((run) => pointOf(run, series)),
    changes: changes.flatMap((change) => changeOf(change, series)),
  };
}

function unitOf(metric: RunMetric): HistorySeries['unit'] {
  const { figure } = runMetric(metric);
  return figure.kind === 'trial' ? figure.unit : 'ms';
}

function pointOf({ line, own, judged }: SeriesRun, { isRelative }: Series): HistoryRun {
  const half = halfWidth(own);
  return {
    commit: commitOf(line),
    startedAt: line.startedAt,
    version: line.version,
    figure: Math.exp(own.log),
    low: half === null ? null : Math.exp(own.log - half),
    high: half === null ? null : Math.exp(own.log + half),
    trials: own.trials,
    adjusted: isRelative ? Math.exp(judged.log) : null,
  };
}

function halfWidth({ standardError, trials }: HistoryPlace): number | null {
  if (standardError === null || trials < FEWEST_TRIALS) return null;
  return studentQuantile((1 + LEVEL) / 2, trials - 1) * standardError;
}

function commitOf({ commit }: HistoryLine): string | null {
  return commit === null ? null : `${commit.id}${commit.dirty ? '+' : ''}`;
}

const DIGITS = 7;

/** As readers know a run: its commit, or when it was measured. */
export function runName({ commit, startedAt }: Pick<HistoryRun, 'commit' | 'startedAt'>): string {
  if (commit === null) return startedAt.slice(0, 16).replace('T', ' ');
  return `${commit.slice(0, DIGITS)}${commit.endsWith('+') ? '+' : ''}`;
}

function changeOf({ at, ratio }: ChangePoint, { cell, metric, isRelative, runs }: Series): readonly HistoryChange[] {
  const [before, after] = [runs[at - 1], runs[at]];
  if (before === undefined || after === undefined) return [];
  const nameOf = ({ line }: SeriesRun): string => runName({ commit: commitOf(line), startedAt: line.startedAt });
  const between = { before: nameOf(before), after: nameOf(after) };
  const isMore = ratio.point > 1;
  const words = changeInWords({ metric, ratio });
  return [
    {
      at,
      between,
      ratio,
      verdict: isMore === (runMetric(metric).good === 'more') ? 'better' : 'worse',
      notes: reasonsBeside(before, after),
      sentence: `between ${between.before} and ${between.after}: ${cell} ${words}${isRelative ? ', relative to the yardstick' : ''}`,
    },
  ];
}

/** What may be the reason other than the commits in between. */
function reasonsBeside(before: SeriesRun, after: SeriesRun): string[] {
  const [a, b] = [before.line, after.line];
  const isSame = a.commit !== null && commitOf(a) === commitOf(b) && !a.commit.dirty;
  const [from, to] = [before.connections, after.connections];
  return [
    ...(isSame ? ['both runs are of the same commit, so it is not the code that changed'] : []),
    ...(a.version === b.version ? [] : [`fourways ${a.version} became ${b.version} there`]),
    ...(from === to ? [] : [`${from} connections became ${to} there; --connections makes them the same in every run`]),
  ];
}

function notesOf(series: readonly Series[], lines: readonly HistoryLine[]): string[] {
  const placeOf = ({ machine, node }: Pick<HistoryLine, 'machine' | 'node'>): string =>
    `${machine.cpuModel}, ${machine.cpus} CPUs, ${machine.system}, Node ${node}`;
  const places = [...new Set(lines.map(placeOf))];
  const counts = places.map(
    (place) => `${place} (${runsText(lines.filter((line) => placeOf(line) === place).length)})`,
  );
  const mixed = [false, true].every((isRelative) => series.some((one) => one.isRelative === isRelative));
  return [
    ...(places.length < 2
      ? []
      : [`each machine and Node.js is a series of its own, because they cannot be compared: ${counts.join('; ')}`]),
    ...settingNotes(series),
    ...(mixed ? ['runs without a yardstick are a series of their own'] : []),
    ...(series.every(({ isRelative, metric }) => isRelative || runMetric(metric).machine === 'apart')
      ? []
      : ['without a yardstick, a change of the machine looks like one of the code']),
    ...(series.some(({ runs }) => runs.length >= FEWEST_RUNS)
      ? []
      : [`changes are looked for from ${FEWEST_RUNS} runs of a series on`]),
  ];
}

function settingNotes(series: readonly Series[]): string[] {
  const cells = [...new Set(series.map(({ cell }) => cell))];
  return cells.flatMap((cell) => {
    const settings = [...new Set(series.filter((one) => one.cell === cell).map(({ setting }) => setting))];
    return settings.length < 2
      ? []
      : [`${cell} was measured in several ways, each a series of its own: ${settings.join('; ')}`];
  });
}

function otherBranches(all: readonly HistoryLine[], branch: string): string[] {
  const others = [...new Set(all.map((line) => line.branch))].filter((name) => name !== branch);
  if (others.length === 0) return [];
  const runs = all.filter((line) => line.branch !== branch).length;
  return [`${runsText(runs)} of ${list(others)} ${runs === 1 ? 'is' : 'are'} not shown; --branch names another branch`];
}

function sentenceOf(series: readonly HistorySeries[], branch: string, runs: number): string {
  const changes = series.flatMap((one) => one.changes);
  const worse = changes.filter(({ verdict }) => verdict === 'worse').length;
  const of = `in ${runsText(runs)} of ${branch}`;
  if (changes.length === 0) return `No change was found ${of}.`;
  const better = changes.length - worse;
  const parts = [...(worse > 0 ? [`${worse} for the worse`] : []), ...(better > 0 ? [`${better} for the better`] : [])];
  return `${changes.length} change${changes.length === 1 ? '' : 's'} ${of}: ${list(parts)}.`;
}

function runsText(count: number): string {
  return `${count} run${count === 1 ? '' : 's'}`;
}

/** Changes for the worse whose first run is among the newest ones of the branch. */
export function worsenedWithin(view: HistoryView, newest: number): readonly HistoryChange[] {
  const times = [...new Set(view.series.flatMap(({ points }) => points.map(({ startedAt }) => startedAt)))];
  const since = times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-newest);
  return view.series.flatMap(({ points, changes }) =>
    changes.filter(({ at, verdict }) => {
      const first = points[at];
      if (verdict !== 'worse' || first === undefined) return false;
      return since === undefined || Date.parse(first.startedAt) >= Date.parse(since);
    }),
  );
}
