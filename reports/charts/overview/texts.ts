/** What stands around the grid, broken into lines that fit. */

import { overallAnswer, qualification } from '../../../harness/judge/answer/decision.ts';
import { scenarioHeading } from '../../../harness/judge/words.ts';
import type { ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import { DEFAULT_CANVAS, isPlain } from '../../drawing/canvas.ts';
import { caption, MARGIN, sourceText } from '../../drawing/frame.ts';
import type { OverviewInput } from '../../drawing/input.ts';
import { cut, fits, type Look, linesOf } from '../../drawing/text-width.ts';
import { arrowheadNotes } from '../../drawing/whiskers.ts';
import { settings, subject } from '../../words/cells.ts';
import { visible } from '../../words/escape.ts';
import { runsOf, type Several } from '../../words/runs.ts';
import type { Spread } from '../../words/spread.ts';
import { drawnCells, type Grid, isCut } from './grid.ts';
import { moreText, unansweredText, type Wording } from './words.ts';

/** Of the image, in pixels. */
export const WIDTH = 1200;

/** The first in which a title fits into one line, or the last. */
const TITLE_SIZES = [38, 35, 32, 28] as const;
const SMALLEST_TITLE: Look = { size: 28, face: 'bold' };
const MOST_TITLE_LINES = 2;
/** More scenarios without bars leave no room for bars. */
const MOST_UNANSWERED = 3;
export const SUBTITLE: Look = { size: 20, face: 'regular' };
export const NOTE: Look = { size: 18, face: 'regular' };
export const CAPTION: Look = { size: 16, face: 'regular' };

export interface Texts {
  readonly title: readonly string[];
  readonly titleLook: Look;
  readonly subtitle: readonly string[];
  /** Scenarios without bars, a line each. */
  readonly unanswered: readonly string[];
  readonly notes: readonly string[];
  readonly caption: readonly string[];
}

const MOST_NOTES = 3;

const width = WIDTH - 2 * MARGIN;
/** In an image nothing stands in brackets. */
const meaningOf = ({ meaning }: Spread): string => meaning.replace('; in brackets: ', ', or ');

export function textsOf(input: OverviewInput, grid: Grid, spread: Spread, wording: Wording): Texts {
  const canvas = input.canvas ?? DEFAULT_CANVAS;
  const asked = visible(titleOf(input));
  const size = TITLE_SIZES.find((one) => fits(asked, width, { size: one, face: 'bold' })) ?? SMALLEST_TITLE.size;
  const titleLook: Look = { size, face: 'bold' };
  const whose = kindOf(input) === 'model' ? 'the same code under each model' : 'each server, asked the same';
  const reading = `Requests per second of ${whose}. Whisker: ${meaningOf(spread)}.`;
  const limit = drawnCells(grid).some((cell) => cell.limit !== null) ? ['Dashed line: physical limit.'] : [];
  const both = [reading, ...limit].join(' ');
  const subtitle = canvas.subtitle ?? (fits(both, width, SUBTITLE) ? both : reading);
  const untold = [reading, ...limit].filter((sentence) => !subtitle.includes(sentence));
  const notes = [...untold, ...notesOf(grid, wording), ...moreText(grid)];
  // The longest that there is room for.
  const fitting = [
    [...qualifications(input), ...notes, ...arrowheadsOf(grid)],
    [...qualifications(input), ...notes],
    [...notes, ...arrowheadsOf(grid)],
  ]
    .map((some) => some.join(' '))
    .find((text) => linesOf(text, width, Number.POSITIVE_INFINITY, NOTE).length <= MOST_NOTES);
  return {
    title: linesOf(asked, width, MOST_TITLE_LINES, titleLook),
    titleLook,
    subtitle: linesOf(visible(subtitle), width, 2, SUBTITLE),
    unanswered: grid.unanswered.slice(0, MOST_UNANSWERED).map((one) => cut(unansweredText(one), width, NOTE)),
    // What it costs and what would change it is a part of the answer, and how to read it is not.
    notes: linesOf(
      isPlain(canvas) ? qualifications(input).join(' ') : (fitting ?? notes.join(' ')),
      width,
      MOST_NOTES,
      NOTE,
    ),
    caption: isPlain(canvas) ? [cut(visible(sourceText(input)), width, CAPTION)] : captionOf(input),
  };
}

/** The answer over all scenarios. Of several runs, whose answers may differ, and of one that is too long the question instead. */
export function titleOf(input: OverviewInput): string {
  const { canvas, summary } = input;
  if (canvas !== undefined && canvas.title !== null) return canvas.title;
  const answers = runsOf(summary).length > 0 ? [] : [overallAnswer(summary), overallAnswer(summary, 'short')];
  const fitting = answers
    .map((answer) => answer.replace(/\.$/u, ''))
    .find((answer) => linesOf(visible(answer), width, MOST_TITLE_LINES + 1, SMALLEST_TITLE).length <= MOST_TITLE_LINES);
  return fitting === undefined || fitting === '' ? QUESTIONS[kindOf(input)] : fitting;
}

const QUESTIONS = { model: 'Which concurrency model?', server: 'Which server?' } as const;

function kindOf({ summary }: OverviewInput): 'model' | 'server' {
  return subject(summary.scenarios.flatMap(({ cells }) => cells));
}

/** At what cost the models are to be taken, and what would change it; none of several runs, whose answers may differ. */
function qualifications({ summary }: OverviewInput): string[] {
  if (runsOf(summary).length > 0) return [];
  return summary.scenarios.flatMap((scenario) => {
    const text = qualification(scenario);
    return text === '' ? [] : [visible(`${scenarioHeading(scenario)}: ${text}.`)];
  });
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
  const together = (all: readonly ScenarioSummary[]) => ({
    ...first,
    cells: all.flatMap(({ cells }) => cells),
    pinned: all.every(({ pinned }) => pinned),
  });
  return { ...together(scenarios), runs: runs.map((run) => ({ label: run.label, of: together(run.scenarios) })) };
}
