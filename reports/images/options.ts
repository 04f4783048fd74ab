/** What a reader may choose of the images of a report, and the flags that say so. */
import { UserError } from '../../harness/errors.ts';

import { nearestName } from '../../harness/plan/options/values.ts';
import { type Canvas, type CanvasSize, DEFAULT_CANVAS } from '../drawing/canvas.ts';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ImageOptions {
  readonly canvas: Canvas;
  readonly theme: Theme;
  /** Names of charts; null for all, with the page around them. */
  readonly charts: readonly string[] | null;
}

export const DEFAULT_IMAGES: ImageOptions = { canvas: DEFAULT_CANVAS, theme: 'light', charts: null };

/** The flags as they were given. */
export interface ImageFlags {
  readonly chart?: readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
  readonly theme?: string | undefined;
  readonly width?: string | undefined;
  readonly plain?: boolean | undefined;
}

/** In pixels: below, no label fits; above, the larger PNG takes hundreds of megabytes of memory. */
const NARROWEST = 320;
const WIDEST = 4000;
const SLIDE = '16:9';

/** Fills in the defaults and checks every value; `known` are the names of all charts. Throws UserError. */
export function parseImageOptions(flags: ImageFlags, known: readonly string[]): ImageOptions {
  return {
    canvas: {
      size: flags.width === undefined ? DEFAULT_CANVAS.size : parseWidth(flags.width),
      title: parseText('title', flags.title),
      subtitle: parseText('subtitle', flags.subtitle),
      isPlain: flags.plain === true,
    },
    theme: parseTheme(flags.theme ?? 'light'),
    charts: flags.chart === undefined ? null : parseCharts(flags.chart, known),
  };
}

function parseCharts(names: readonly string[], known: readonly string[]): readonly string[] {
  if (names.length === 0) throw new UserError(`--chart: name a chart. Known: ${known.join(', ')}.`);
  for (const name of names) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const meant = nearest === null ? '' : ` Did you mean '${nearest}'?`;
    throw new UserError(`--chart ${name}: there is no such chart.${meant} Known: ${known.join(', ')}.`);
  }
  return [...new Set(names)];
}

function parseTheme(text: string): Theme {
  const theme = THEMES.find((one) => one === text);
  if (theme === undefined) throw new UserError(`--theme ${text}: give ${THEMES.join(' or ')}`);
  return theme;
}

function parseWidth(text: string): CanvasSize {
  if (text === SLIDE) return { kind: 'slide' };
  const px = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (px >= NARROWEST && px <= WIDEST) return { kind: 'width', px };
  throw new UserError(
    `--width ${text}: give a whole number of pixels from ${NARROWEST} to ${WIDEST}, or ${SLIDE} for a slide of 1920 by 1080`,
  );
}

function parseText(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text.trim() === '') throw new UserError(`--${flag}: give a text, or omit the flag for the default`);
  return text.trim();
}
