import { config, DARK } from '../charts/theme.ts';
import { html } from '../escape.ts';
import { cssName } from './palette.ts';

/** Tells people who do not see the image what it shows. */
export function labelled(svg: string, alt: string): string {
  return svg.replace(/^<svg\b/u, () => `<svg role="img" aria-label="${html(alt)}"`);
}

/**
 * Renames the ids of an image, so that several fit on one page: with equal ids, every reference would point into the
 * first image. Only tags are touched; text that looks like an id stays.
 */
export function isolated(svg: string, prefix: string): string {
  return inTags(svg, (tag) =>
    tag
      .replace(/(\sid=")([^"]*)"/gu, `$1${prefix}$2"`)
      .replace(/(\s(?:xlink:)?href="#)([^"]*)"/gu, `$1${prefix}$2"`)
      .replace(/(url\(#)([^)]*)\)/gu, `$1${prefix}$2)`),
  );
}

/** Lets an image that was drawn in light colours follow the theme of the page. Other colours stay as they are. */
export function themeable(svg: string): string {
  return inTags(svg, (tag) =>
    tag.replace(/(\s(?:fill|stroke|stop-color)=")(#[0-9a-f]{6})"/giu, (whole, start: string, colour: string) => {
      const light = colour.toLowerCase();
      return DARK.has(light) ? `${start}var(${cssName(light)})"` : whole;
    }),
  );
}

/** As `font-family`, which the page says once for all images. */
const FONT = ` font-family="${config.font}"`;
const DECIMALS = 2;

/** A smaller image that looks the same: no figure that is drawn is finer than a hundredth of a pixel. */
export function slimmed(svg: string): string {
  return inTags(svg, (tag) =>
    tag
      .replace(FONT, '')
      .replace(/\s(?:d|transform|[xy][12]?|width|height)="[^"]*"/gu, (attribute) =>
        attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/gu, (number) => String(Number(Number(number).toFixed(DECIMALS)))),
      ),
  );
}

function inTags(svg: string, change: (tag: string) => string): string {
  return svg.replace(/<[a-z][^>]*>/giu, change);
}
