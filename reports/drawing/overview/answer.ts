/** What the verdicts of one scenario amount to, in a few words. */
import { list } from '../../../harness/judge/answer-words.ts';
import { visible } from '../../escape.ts';
import { counted, figure, multiple } from '../../figures.ts';
import type { GridCell, GridColumn } from './grid.ts';

type Ranked = Extract<GridCell, { kind: 'ranked' }>;

/** The same answer from long to short; empty where there is nothing to answer. Nothing is said that no verdict says. */
export function answers({ cells }: Pick<GridColumn, 'cells'>): string[] {
  const ranked = cells.filter((cell) => cell.kind === 'ranked');
  if (cells.every(({ kind }) => kind === 'failed')) return ['nothing measured'];
  if (ranked.length === 0) return ['nothing is ranked', 'nothing ranked'];
  const judged = ranked.filter(({ against }) => against !== null && against.verdict !== 'invalid');
  const of = (verdict: string) => judged.filter(({ against }) => against?.verdict === verdict);
  const baseline = visible(judged[0]?.against?.baseline ?? '');
  const [better, worse, equivalent] = [of('better'), of('worse'), of('equivalent')];
  if (better.length > 0) return leads(better, baseline);
  if (worse.length > 0) return [`${baseline} ahead of ${names(worse)}`, `${baseline} ahead of ${worse.length}`];
  if (equivalent.length > 0) return [`${names(equivalent)} equivalent to ${baseline}`, `equivalent to ${baseline}`];
  return judged.length === 0 ? [] : [`not told apart from ${baseline}`, 'not told apart'];
}

function leads(better: readonly Ranked[], baseline: string): string[] {
  const ratios = better.flatMap(({ against }) => against?.ratio ?? []);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const span = figure(low) === figure(high) ? multiple(high) : `${figure(low)}–${multiple(high)}`;
  const full = `${names(better)} at ${span} ${baseline}`;
  if (better.length === 1) return [full, `${multiple(high)} ${baseline}`];
  const noun = better.every(({ name, model }) => name === model) ? 'model' : 'cell';
  return [full, `${counted(better.length, noun)} at ${span} ${baseline}`, `up to ${multiple(high)} ${baseline}`];
}

function names(cells: readonly Ranked[]): string {
  return list(cells.map(({ name }) => visible(name)));
}
