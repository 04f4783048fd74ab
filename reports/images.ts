/** What a reader may choose of a report's images. */
import { type Canvas, DEFAULT_CANVAS } from './drawing/canvas.ts';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ImageOptions {
  readonly canvas: Canvas;
  readonly theme: Theme;
  /** Names of charts; null for all, with the page around them. */
  readonly charts: readonly string[] | null;
}

export const DEFAULT_IMAGES: ImageOptions = { canvas: DEFAULT_CANVAS, theme: 'light', charts: null };
