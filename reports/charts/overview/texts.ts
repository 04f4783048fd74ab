/** What stands around the grid, broken into lines that fit. */

import type { ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import { DEFAULT_CANVAS } from '../../drawing/canvas.ts';
import { caption, MARGIN } from '../../drawing/frame.ts';
import type { OverviewInput } from '../../drawing/input.ts';
import { fits, type Look, linesOf } from '../../drawing/text-width.ts';
import { arrowheadNotes } from '../../drawing/whiskers.ts';
import { settings } from '../../words/cells.ts';
import { visible } from '../../words/escape.ts';
import { runsOf, type Several } from '../../words/runs.ts';
import type { Spread } from '../../words/spread.ts';
import { answers } from './answer.ts';
import { drawnCells, type Grid, isCut } from './grid.ts';
import { moreText, type Wording } from './words.ts';

/** Of the image, in pixels. */
export const WIDTH = 1200;

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

const MOST_NOTES = 3;

const width = WIDTH - 2 * MARGIN;
/** In an image nothing stands in brackets. */
const meaningOf = ({ meaning }: Spread): string => meaning.replace('; in brackets: ', ', or ');

export function textsOf(input: OverviewInput, grid: Grid, spread: Spread, wording: Wording): Texts {
  const canvas = input.canvas ?? DEFAULT_CANVAS;
  const asked = visible(canvas.title ?? soleAnswer(input, grid) ?? 'Which concurrency model?');
  const size = TITLE_SIZES.find((one) => fits(asked, width, { size: one, face: 'bold' })) ?? SMALLEST_TITLE;
  const titleLook: Look = { size, face: 'bold' };
  const reading = `Requests per second of the same handler under each model. Whisker: ${meaningOf(spread)}.`;
  const limit = drawnCells(grid).some((cell) => cell.limit !== null) ? ['Dashed line: physical limit.'] : [];
  const both = [reading, ...limit].join(' ');
  const subtitle = canvas.subtitle ?? (fits(both, width, SUBTITLE) ? both : reading);
  const untold = [reading, ...limit].filter((sentence) => !subtitle.includes(sentence));
  const notes = [...untold, ...notesOf(grid, wording), ...moreText(grid)];
  const withArrowheads = [...notes, ...arrowheadsOf(grid)];
  const areTold = linesOf(withArrowheads.join(' '), width, Number.POSITIVE_INFINITY, NOTE).length <= MOST_NOTES;
  return {
    title: linesOf(asked, width, 2, titleLook),
    titleLook,
    subtitle: linesOf(visible(subtitle), width, 2, SUBTITLE),
    notes: linesOf((areTold ? withArrowheads : notes).join(' '), width, MOST_NOTES, NOTE),
    caption: captionOf(input),
  };
}

/** The answer of the only scenario; null where there are several, or where the title was given. */
export function soleAnswer({ canvas }: OverviewInput, { columns: [first, second] }: Grid): string | null {
  if (first === undefined || second !== undefined || (canvas?.title ?? null) !== null) return null;
  const [answer] = answers(first.scenario);
  return answer === undefined ? null : `${first.title}: ${answer}`;
}

/** The least of the notes: an arrowhead explains itself where there is no room for it. */
function arrowheadsOf({ columns }: Grid): string[] {
  const hasAny = columns.some((column) => column.cells.some((cell) => cell.kind !== 'failed' && isCut(cell, column)));
  return arrowheadNotes(hasAny);
}

/** How to read what occurs in this image. */
function notesOf(grid: Grid, { inWords, hasImplied }: Wording): string[] {
  const drawn = drawnCells(grid);
  const notRanked = drawn.some(({ kind }) => kind === 'not-ranked');
  const ofRun = grid.rows.some(({ run }) => run !== null) ? ' of its run' : '';
  const isCompared = drawn.some((cell) => cell.kind === 'ranked' && cell.behind !== null);
  return [
    ...(isCompared ? [`${inWords ? 'Behind: how far below' : '%: behind'} the best${ofRun}; ≤: at most.`] : []),
    ...(notRanked ? ['Not ranked: not shown to be limited by the server.'] : []),
    ...(notRanked && hasImplied ? ['≈: implied by CPU time.'] : []),
  ];
}

/** Beyond these the report has to be read. */
const MOST_MACHINE_LINES = 3;

/** The conditions of all scenarios together. The machines of several runs follow one another. */
function captionOf({ summary }: OverviewInput): string[] {
  const scenario = allOf(
    summary.scenarios,
    runsOf(summary).map(({ label, of }) => ({ label, scenarios: of.scenarios })),
  );
  if (scenario === null) return [];
  const lines = caption({ summary, scenario }, settings(scenario)).map(visible);
  return [
    ...linesOf(lines.slice(0, -1).join(' / '), width, MOST_MACHINE_LINES, CAPTION),
    ...linesOf(lines.at(-1) ?? '', width, 2, CAPTION),
  ];
}

interface RunScenarios {
  readonly label: string;
  readonly scenarios: readonly ScenarioSummary[];
}

/** The cells of all scenarios as if they were of one. */
function allOf(scenarios: readonly ScenarioSummary[], runs: readonly RunScenarios[]): Several<ScenarioSummary> | null {
  const [first] = scenarios;
  if (first === undefined) return null;
  const together = (all: readonly ScenarioSummary[]) => ({ ...first, cells: all.flatMap(({ cells }) => cells) });
  return { ...together(scenarios), runs: runs.map((run) => ({ label: run.label, of: together(run.scenarios) })) };
}
