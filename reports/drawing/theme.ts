/** One look for all charts. */

import type { TopLevelSpec } from 'vega-lite';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { capital } from '../../harness/judge/words.ts';
import { partsOf } from '../../harness/plan/schedule/runtimes.ts';
import { builtInModel, models } from '../../servers/index.ts';
import { cellName, type Setting } from '../words/cells.ts';

/** The font that every image carries with it. The others are for an editor that has it not. */
const FONT = 'Inter, Helvetica Neue, Arial, sans-serif';

export const INK = {
  strong: '#16202a',
  normal: '#3d4955',
  quiet: '#5f6b77',
  line: '#aab4be',
  grid: '#e4e8ec',
  paper: '#ffffff',
} as const;

/**
 * For what is more or less than something, from faint to strong: blue and orange are told apart with any colour vision, and no model
 * has either. Words in `INK.strong` are readable on them up to an opacity of 0.6.
 */
export const DIVERGING = { more: '#2166ac', less: '#b35806' } as const;

/**
 * For models of the user. Built-in ones have colours of their own, from the palette of Okabe and Ito (2008). All are told apart
 * with any colour vision, and have at least 3:1 against their paper.
 */
const OWN_COLOURS = [
  { light: '#b0568f', dark: '#e191c3' },
  { light: '#7a5cc4', dark: '#ab96f2' },
  { light: '#8a6d00', dark: '#d3b33f' },
  { light: '#2f7f8f', dark: '#62bccd' },
  { light: '#a03030', dark: '#ee8282' },
  { light: '#4b6a2f', dark: '#9cc474' },
] as const;

/** On light and on dark paper. */
interface Pair {
  readonly light: string;
  readonly dark: string;
}

/** How far towards ink a colour is moved, by Node.js: what is the same model has the same hue. */
const SHADES = [0, 0.4, 0.65] as const;

/** Further from the paper, so that it stands out from it as the colour itself does. */
function shaded({ light, dark }: Pair, shade: number): Pair {
  return { light: mixed(light, '#000000', shade), dark: mixed(dark, '#ffffff', shade) };
}

function mixed(colour: string, towards: string, share: number): string {
  const part = (of: string, at: number): number => Number.parseInt(of.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(part(colour, at) * (1 - share) + part(towards, at) * share));
  return `#${parts.map((one) => one.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * For every colour of a chart, the one in its place on dark paper. Charts are drawn in light colours, which serve as names:
 * no two of them are equal.
 */
export const DARK: ReadonlyMap<string, string> = new Map([
  [INK.strong, '#f2f5f8'],
  [INK.normal, '#c6d0d9'],
  [INK.quiet, '#9aa7b3'],
  [INK.line, '#5b6875'],
  [INK.grid, '#2b3640'],
  [INK.paper, '#141b22'],
  [DIVERGING.more, '#3576b8'],
  [DIVERGING.less, '#b0640f'],
  ...[...Object.values(models).map(({ colour }) => colour), ...OWN_COLOURS].flatMap((colour) =>
    SHADES.map((shade) => shaded(colour, shade)).map(({ light, dark }) => [light, dark] as const),
  ),
]);

/**
 * A colour per model that is the same in every chart of a summary, also for models of the user. Under several Node.js binaries the newest
 * has the colour of the model, and the others are shades of it.
 */
export function modelColours(summary: Summary): (name: string) => string {
  const all = summary.scenarios.flatMap(({ cells }) => cells.map(({ model }) => partsOf(model)));
  const own = [...new Set(all.map(({ model }) => model))].filter((model) => builtInModel(model) === undefined).sort();
  const versions = [...new Set(all.flatMap(({ version }) => version ?? []))].sort(byVersion.compare).reverse();
  const colourOf = (model: string): Pair =>
    builtInModel(model)?.colour ?? OWN_COLOURS[own.indexOf(model) % OWN_COLOURS.length] ?? OWN_COLOURS[0];
  return (name) => {
    const { model, version } = partsOf(name);
    const shade = version === null ? 0 : (SHADES[versions.indexOf(version) % SHADES.length] ?? 0);
    return shaded(colourOf(model), shade).light;
  };
}

const byVersion = new Intl.Collator('en', { numeric: true });

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
  text: { font: FONT, fontSize: 13, color: INK.normal, baseline: 'middle', align: 'left' },
} as const satisfies TopLevelSpec['config'];

/** Shapes that tell settings of one model apart, which share its colour: the same setting has the same shape in all models. */
export type Shape = 'circle' | 'square' | 'diamond' | 'triangle-up';

interface SettingShapes {
  readonly shapeOf: (cell: Setting) => Shape;
  /** `Circle: before. Square: after.`; none where shapes say nothing, or not one thing each. */
  readonly notes: readonly string[];
}

const SHAPES = ['circle', 'square', 'diamond', 'triangle-up'] as const;
const WORDS = { circle: 'circle', square: 'square', diamond: 'diamond', 'triangle-up': 'triangle' } as const;

/** Of these cells, in their order. */
export function settingShapes(cells: readonly Setting[], scenario: ScenarioSummary): SettingShapes {
  const nameOf = (cell: Setting): string =>
    cellName(cell, scenario.cells).slice(cell.model.length).replace(/^ · /u, '');
  const settings = [...new Set(cells.map(nameOf))];
  const shapeAt = (i: number): Shape => SHAPES[i % SHAPES.length] ?? 'circle';
  const told = settings.flatMap((setting, i) => (setting === '' ? [] : [`${capital(WORDS[shapeAt(i)])}: ${setting}.`]));
  return {
    shapeOf: (cell) => shapeAt(settings.indexOf(nameOf(cell))),
    notes: settings.length < 2 || settings.length > SHAPES.length || told.length === 0 ? [] : [told.join(' ')],
  };
}
