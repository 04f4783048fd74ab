/** What became of the requirements, for a terminal and in markdown. Empty without any. */
import { createColors } from 'picocolors';
import type { JudgedRequirement } from '../../harness/judge/schema/requirement.ts';
import { markdown } from './escape.ts';
import { counted, figure, mebibytes } from './figures.ts';
import { item, WIDTH } from './wrap.ts';

const HEADING = 'Requirements';
const WORD_WIDTH = 'broken'.length;

type Judged = readonly JudgedRequirement[] | undefined;

/** A line for each, at most `width` columns wide, below an empty one. */
export function requirementsText(
  judged: Judged,
  { colour, width = WIDTH }: { readonly colour: boolean; readonly width?: number },
): string {
  if (judged === undefined || judged.length === 0) return '';
  const c = createColors(colour);
  const colours = { met: c.green, broken: c.red, untold: c.yellow };
  const lines = judged.map((one) => {
    const line = item(`${one.verdict.padEnd(WORD_WIDTH)}  `, lineOf(one, judged), width);
    return `${colours[one.verdict](line.slice(0, WORD_WIDTH))}${line.slice(WORD_WIDTH)}`;
  });
  return `\n${[c.bold(HEADING), ...lines].join('\n')}\n`;
}

/** A list in GitHub-flavoured markdown, below an empty line. */
export function requirementsMarkdown(judged: Judged): string {
  if (judged === undefined || judged.length === 0) return '';
  const items = judged.map((one) => `- **${one.verdict}** ${markdown(lineOf(one, judged))}`);
  return `\n#### ${HEADING}\n\n${items.join('\n')}\n`;
}

/** `cpu/cluster p99<50ms: 61.2 ms (58.9–63.7)`, and why it is so where that is to be told. */
function lineOf(one: JudgedRequirement, judged: readonly JudgedRequirement[]): string {
  const told = [figureOf(one), one.reason].filter((part) => part !== null);
  return `${nameOf(one, judged)}: ${told.join('; ')}`;
}

/** As it was asked, where that names one cell; else by the cell. */
function nameOf({ asked, cell, condition }: JudgedRequirement, judged: readonly JudgedRequirement[]): string {
  const isOne = !asked.includes('*') && judged.filter((other) => other.asked === asked).length === 1;
  return isOne || cell === null ? asked : `${cell} ${condition}`;
}

function figureOf({ point, low, high, unit }: JudgedRequirement): string | null {
  if (point === null) return null;
  if (unit === 'trials') return counted(point, 'failed trial');
  const { write, after, brackets } = WRITING[unit];
  const figureWithUnit = `${write(point)}${after}`;
  if (low === null) return figureWithUnit;
  const [open, close] = brackets;
  const interval = high === null ? `${write(low)} or more` : `${write(low)}–${write(high)}`;
  return `${figureWithUnit} ${open}${interval}${close}`;
}

interface Writing {
  readonly write: (value: number) => string;
  readonly after: string;
  /** Square ones around intervals that hold together with others, as in every table. */
  readonly brackets: '()' | '[]';
}

const WRITING: Readonly<Record<Exclude<JudgedRequirement['unit'], 'trials'>, Writing>> = {
  ms: { write: figure, after: ' ms', brackets: '()' },
  'requests/s': { write: figure, after: ' requests/s', brackets: '()' },
  bytes: { write: mebibytes, after: ' MiB', brackets: '()' },
  ratio: { write: figure, after: '×', brackets: '[]' },
};
