/** What the rows are called: a model once, and beside it the runs that it has a row of. */

import { MARGIN } from '../../drawing/layout.ts';
import { cut, type Look, textWidth } from '../../drawing/text-width.ts';
import { visible } from '../../words/escape.ts';
import { type GridRow, groupsOf, type RowGroup } from './rows.ts';

export const LABEL: Look = { size: 19, face: 'bold' };
export const SMALL: Look = { size: 18, face: 'regular' };

const WIDEST_MODEL = 220;
/** There is less room for both. */
const WIDEST_BESIDE_RUNS = 170;
const WIDEST_RUN = 120;
const RUN_GAP = 18;

/** In pixels from the left edge of the image. */
export interface Names {
  /** The model, and below it its settings where it has any. */
  readonly groups: readonly (RowGroup & { readonly lines: readonly string[] })[];
  /** One for each row; none where there is only one run. */
  readonly runs: readonly string[];
  readonly runsLeft: number;
  readonly right: number;
}

export function namesOf(rows: readonly GridRow[]): Names {
  const runs = shortened(rows.flatMap(({ run }) => (run === null ? [] : [visible(run)])));
  const widest = runs.length === 0 ? WIDEST_MODEL : WIDEST_BESIDE_RUNS;
  const groups = groupsOf(rows).map((group) => ({ ...group, lines: linesOf(group, widest) }));
  const modelsRight =
    MARGIN +
    widthOf(
      groups.flatMap(({ lines }) => lines),
      LABEL,
    );
  const runsLeft = modelsRight + RUN_GAP;
  return { groups, runs, runsLeft, right: runs.length === 0 ? modelsRight : runsLeft + widthOf(runs, SMALL) };
}

function linesOf({ setting }: RowGroup, width: number): string[] {
  const [model = '', ...settings] = setting.split(' · ');
  const lines = settings.length === 0 ? [model] : [model, settings.join(' · ')];
  return lines.map((line) => cut(visible(line), width, LABEL));
}

/** Their beginnings, or their ends where only these tell them apart. */
function shortened(runs: readonly string[]): string[] {
  const begins = runs.map((run) => cut(run, WIDEST_RUN, SMALL));
  if (new Set(begins).size === new Set(runs).size) return begins;
  return runs.map((run) => reversed(cut(reversed(run), WIDEST_RUN, SMALL)));
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function widthOf(texts: readonly string[], { size, face }: Look): number {
  return Math.ceil(Math.max(...texts.map((text) => textWidth(text, size, face))));
}
