/** What the verdicts of one scenario amount to, in a few words. */

import { isRankable } from '../../../harness/judge/bottleneck/limited-by.ts';
import type { CellSummary, Comparison, ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import { list } from '../../../harness/judge/words.ts';
import { cellNames } from '../../words/cells.ts';
import { visible } from '../../words/escape.ts';
import { counted, figure, multiple } from '../../words/figures.ts';
import type { OfRun } from '../../words/runs.ts';
import type { GridCell, GridColumn } from './grid.ts';

const RUNS_DIFFER = ['the verdicts of the runs differ', 'verdicts differ', 'runs differ'];

type Ranked = Extract<GridCell, { kind: 'ranked' }>;

/**
 * The same answer from long to short; empty where there is nothing to answer. Nothing is said that no verdict says, and of
 * several runs only what all of them say, of the models that all have.
 */
export function answers({ cells, scenario }: Pick<GridColumn, 'cells' | 'scenario'>): string[] {
  const runs = new Set(cells.map(({ run }) => run)).size;
  const ofSetting = (setting: string) => cells.filter((cell) => cell.setting === setting);
  const shared = cells.filter(({ setting }) => ofSetting(setting).length === runs);
  const isAgreed = (cell: GridCell) => ofSetting(cell.setting).every((other) => said(other) === said(cell));
  if (shared.length === 0) return [];
  return shared.every(isAgreed) ? answersOf(shared, leaderOf(shared, scenario)) : RUNS_DIFFER;
}

function said(cell: GridCell): string {
  return cell.kind === 'ranked' ? (cell.against?.verdict ?? '') : cell.kind;
}

function answersOf(cells: readonly GridCell[], leader: string | null): string[] {
  const ranked = cells.filter((cell) => cell.kind === 'ranked');
  if (cells.every(({ kind }) => kind === 'failed')) return ['nothing measured'];
  if (ranked.length === 0) return ['nothing is ranked', 'nothing ranked'];
  const judged = ranked.filter(({ against }) => against !== null && against.verdict !== 'invalid');
  const of = (verdict: string) => judged.filter(({ against }) => against?.verdict === verdict);
  const baseline = visible(judged[0]?.against?.baseline ?? '');
  const [better, worse, equivalent] = [of('better'), of('worse'), of('equivalent')];
  const first = better.filter(({ setting }) => setting === leader);
  // Of two there is nothing to tell but how far apart they are.
  if (first.length > 0 && settings(ranked).length > 2) {
    return served(first, baseline, ranked.length === cells.length ? 'the most' : 'the most of the ranked');
  }
  const open = of('inconclusive');
  if (better.length > 0 && open.length > 0) return partly(better, open, judged, baseline);
  if (better.length > 0) return leads(better, baseline);
  if (worse.length > 0)
    return [`${baseline} ahead of ${names(worse)}`, `${baseline} ahead of ${settings(worse).length}`];
  if (equivalent.length > 0) return [`${names(equivalent)} equivalent to ${baseline}`, `equivalent to ${baseline}`];
  return judged.length === 0 ? [] : [`undecided against ${baseline}`, 'undecided'];
}

function served(first: readonly Ranked[], baseline: string, most: string): string[] {
  const { low, high } = spanOf(first);
  const span = spanText(low, high);
  const name = names(first);
  return [
    `${name} served ${most}, ${span} ${baseline}`,
    `${name}: ${most}, ${span} ${baseline}`,
    `up to ${multiple(high)} ${baseline}`,
  ];
}

/** Those that are better beside those of which it is not known, so that none seems to win that has not. */
function partly(
  better: readonly Ranked[],
  open: readonly Ranked[],
  judged: readonly Ranked[],
  baseline: string,
): string[] {
  const { low, high } = spanOf(better);
  const [all, ahead, unknown] = [judged, better, open].map((cells) => settings(cells).length);
  const isRest = judged.length === better.length + open.length;
  const others = `the other${unknown === 1 ? '' : 's'}`;
  return [
    `${names(better)} at ${spanText(low, high)} ${baseline}, ${isRest ? others : names(open)} inconclusive`,
    `${ahead} of ${all} better than ${baseline}, ${unknown} inconclusive`,
    `${ahead} of ${all} better, ${unknown} inconclusive`,
    `${ahead} of ${all} better`,
  ];
}

function leads(better: readonly Ranked[], baseline: string): string[] {
  const { low, high } = spanOf(better);
  const span = spanText(low, high);
  const full = `${names(better)} at ${span} ${baseline}`;
  if (settings(better).length === 1) return [full, `${span} ${baseline}`];
  const noun = better.every(({ setting, model }) => setting === model) ? 'model' : 'cell';
  return [
    full,
    `${counted(settings(better).length, noun)} at ${span} ${baseline}`,
    `up to ${multiple(high)} ${baseline}`,
  ];
}

function spanOf(cells: readonly Ranked[]): { readonly low: number; readonly high: number } {
  const ratios = cells.flatMap(({ against }) => against?.ratio ?? []);
  return { low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** `1.98×`, `1.50–1.98×`. */
function spanText(low: number, high: number): string {
  return figure(low) === figure(high) ? multiple(high) : `${figure(low)}–${multiple(high)}`;
}

function names(cells: readonly Ranked[]): string {
  return list(settings(cells).map(visible));
}

/** What of several runs is counted once. */
function settings(cells: readonly Ranked[]): string[] {
  return [...new Set(cells.map(({ setting }) => setting))];
}

/**
 * The setting that serves more than every other ranked one, of several runs in each of them; null where there is none.
 * Also those that there was no room for in the image may be ahead.
 */
export function leaderOf(shown: readonly GridCell[], scenario: ScenarioSummary): string | null {
  const names = cellNames(scenario);
  const ranked = scenario.cells.filter(({ result }) => result !== null && isRankable(result.limitedBy));
  const settings = new Set(shown.map(({ setting }) => setting));
  const leads = (setting: string) =>
    shown.every((cell) => {
      if (cell.setting !== setting) return true;
      const own = ranked.find(({ id }) => names.get(id) === cell.name);
      return own !== undefined && isAhead(own, ranked, scenario.comparisons);
    });
  return [...settings].find(leads) ?? null;
}

function isAhead(
  own: CellSummary & OfRun,
  ranked: readonly (CellSummary & OfRun)[],
  comparisons: readonly Comparison[],
): boolean {
  return ranked
    .filter((other) => other.id !== own.id && other.run === own.run)
    .every((other) =>
      comparisons.some(({ metric, candidate, baseline, verdict }) => {
        if (metric !== 'throughput') return false;
        if (candidate === own.id && baseline === other.id) return verdict === 'better';
        return candidate === other.id && baseline === own.id && verdict === 'worse';
      }),
    );
}
