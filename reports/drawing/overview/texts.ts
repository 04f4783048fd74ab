/** What stands around the grid, broken into lines that fit. */

import type { OverviewInput } from '../../charts/chart.ts';
import { caption } from '../../charts/theme.ts';
import { visible } from '../../escape.ts';
import type { Spread } from '../../spread.ts';
import { DEFAULT_CANVAS } from '../canvas.ts';
import { MARGIN } from '../layout.ts';
import { answers } from './answer.ts';
import { WIDTH } from './columns.ts';
import { fits, type Look, linesOf } from './fit.ts';
import { drawnCells, type Grid } from './grid.ts';
import { moreText, signMeanings, type Wording } from './words.ts';

/** The first in which a title fits into one line, or the last. */
const TITLE_SIZES = [38, 35, 32, 28] as const;
const SMALLEST_TITLE = 28;
export const SUBTITLE: Look = { size: 20, face: 'regular' };
export const NOTE: Look = { size: 18, face: 'regular' };
export const CAPTION: Look = { size: 16, face: 'regular' };

export interface Texts {
  readonly title: readonly string[];
  readonly titleLook: Look;
  readonly subtitle: readonly string[];
  readonly notes: readonly string[];
  readonly caption: readonly string[];
}

const width = WIDTH - 2 * MARGIN;
/** In an image nothing stands in brackets. */
const meaningOf = ({ meaning }: Spread): string => meaning.replace('; in brackets: ', ', or ');

export function textsOf(input: OverviewInput, grid: Grid, spread: Spread, wording: Wording): Texts {
  const canvas = input.canvas ?? DEFAULT_CANVAS;
  const asked = visible(canvas.title ?? soleAnswer(input, grid) ?? 'Which concurrency model?');
  const size = TITLE_SIZES.find((one) => fits(asked, width, { size: one, face: 'bold' })) ?? SMALLEST_TITLE;
  const titleLook: Look = { size, face: 'bold' };
  const reading = `Requests per second of the same handler under each model. Whisker: ${meaningOf(spread)}.`;
  const notes = [...(canvas.subtitle === null ? [] : [reading]), ...notesOf(grid, wording), ...moreText(grid)];
  return {
    title: linesOf(asked, width, 2, titleLook),
    titleLook,
    subtitle: linesOf(visible(canvas.subtitle ?? reading), width, 2, SUBTITLE),
    notes: linesOf(notes.join(' '), width, 3, NOTE),
    caption: captionOf(input).flatMap((line) => linesOf(visible(line), width, 2, CAPTION)),
  };
}

/** The answer of the only scenario; null where there are several, or where the title was given. */
export function soleAnswer({ canvas }: OverviewInput, { columns: [first, second] }: Grid): string | null {
  if (first === undefined || second !== undefined || (canvas?.title ?? null) !== null) return null;
  const [answer] = answers(first);
  return answer === undefined ? null : `${first.title}: ${answer}`;
}

/** How to read what occurs in this image. */
function notesOf(grid: Grid, { inWords }: Wording): string[] {
  const drawn = drawnCells(grid);
  const baselines = new Set(
    drawn.flatMap((cell) => (cell.kind === 'ranked' && cell.against?.ratio != null ? [cell.against.baseline] : [])),
  );
  const notRanked = drawn.some(({ kind }) => kind === 'not-ranked');
  const against = `× and verdict: against ${visible([...baselines].join(', '))}`;
  return [
    ...(baselines.size === 0 ? [] : [inWords ? `${against}.` : `${against}; ${signMeanings(drawn)}.`]),
    ...(grid.columns.some(({ limit }) => limit !== null) ? ['Dashed line: physical limit.'] : []),
    ...(notRanked ? ['Not ranked: not shown to be limited by the server.'] : []),
    ...(notRanked && inWords ? ['≈: implied by CPU time.'] : []),
  ];
}

/** The conditions of all scenarios together. */
function captionOf({ summary }: OverviewInput): string[] {
  const [first] = summary.scenarios;
  if (first === undefined) return [];
  const cells = summary.scenarios.flatMap((scenario) => scenario.cells);
  return caption({ summary, scenario: { ...first, cells } });
}
