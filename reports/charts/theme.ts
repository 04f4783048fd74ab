/** One look for all charts. */
import type { TopLevelSpec } from 'vega-lite';
import type { Summary } from '../../harness/judge/summary-schema.ts';
import { conditions, machineLine } from '../cells.ts';
import type { ChartInput } from './chart.ts';

/** Fonts with the widths of Helvetica first: text is placed by its expected width. */
const FONT = 'Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif';

export const INK = {
  strong: '#16202a',
  normal: '#3d4955',
  quiet: '#5f6b77',
  line: '#aab4be',
  grid: '#e4e8ec',
  paper: '#ffffff',
} as const;

/** From the palette of Okabe and Ito (2008), told apart with any colour vision, at least 3:1 against white. */
const MODEL_COLOURS: ReadonlyMap<string, string> = new Map([
  ['single', '#5c6670'],
  ['cluster', '#0072b2'],
  ['fork-pool', '#d55e00'],
  ['worker-threads', '#009e73'],
]);

const OTHER_COLOURS = ['#b0568f', '#7a5cc4', '#8a6d00', '#2f7f8f', '#a03030', '#4b6a2f'] as const;

/** A colour per model that is the same in every chart of a summary, also for models that this file does not know. */
export function modelColours(summary: Summary): (model: string) => string {
  const names = summary.scenarios.flatMap(({ cells }) => cells.map(({ model }) => model));
  const unknown = [...new Set(names)].filter((name) => !MODEL_COLOURS.has(name)).sort();
  return (model) =>
    MODEL_COLOURS.get(model) ?? OTHER_COLOURS[unknown.indexOf(model) % OTHER_COLOURS.length] ?? OTHER_COLOURS[0];
}

/** The conditions of a measurement at full load. */
function atCapacity({ scenario }: ChartInput): string[] {
  return conditions(scenario);
}

/**
 * The conditions of the measurement, for the foot of an image that travels without its report. `under` are those that
 * another kind of load has of its own.
 */
export function caption(input: ChartInput, under: readonly string[] = atCapacity(input)): string[] {
  const { summary } = input;
  const measured = [...under, summary.startedAt.slice(0, 10), `fourways ${summary.version}`];
  return [machineLine(summary), measured.join(' · ')];
}

/** Configuration shared by all charts. */
export const config = {
  font: FONT,
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    grid: false,
    gridColor: INK.grid,
    labelColor: INK.normal,
    labelFontSize: 13,
    labelFlush: false,
    labelLimit: 0,
    labelPadding: 8,
    titleColor: INK.quiet,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    titlePadding: 10,
    titleLimit: 0,
  },
  title: {
    anchor: 'start',
    frame: 'group',
    color: INK.strong,
    fontSize: 23,
    fontWeight: 'bold',
    lineHeight: 28,
    limit: 0,
    subtitleColor: INK.normal,
    subtitleFontSize: 15,
    subtitleLineHeight: 20,
    subtitlePadding: 8,
  },
  text: { font: FONT, fontSize: 13, color: INK.normal, baseline: 'middle', align: 'left' },
} as const satisfies TopLevelSpec['config'];
