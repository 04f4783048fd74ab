import { config, DARK } from '../drawing/theme.ts';
import { html } from '../words/escape.ts';
import { cssName, IS_DARK } from './palette.ts';
import { onDark } from './themed.ts';

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

/**
 * Lets an image that was drawn in light colours follow the theme of the page: its colours, and how strong faint ones are.
 * Other colours stay as they are.
 */
export function themeable(svg: string): string {
  return inTags(svg, (tag) =>
    tag
      .replace(/(\s(?:fill|stroke|stop-color)=")(#[0-9a-f]{6})"/giu, (whole, start: string, colour: string) => {
        const light = colour.toLowerCase();
        return DARK.has(light) ? `${start}var(${cssName(light)})"` : whole;
      })
      .replace(/(\s(?:fill-|stroke-)?opacity=")(0?\.\d+)"/gu, (whole, start: string, text: string) => {
        const opacity = Number(text);
        const more = Number((onDark(opacity) - opacity).toFixed(2));
        if (more === 0) return whole;
        return `${start}calc(${opacity} + ${more}*var(${IS_DARK}))"`;
      }),
  );
}

/** Hides marks without words from programs for the blind, which would say “graphic” and no more. */
export function withoutWordless(svg: string): string {
  return inTags(svg, (tag) =>
    tag.includes(' aria-label="') ? tag : tag.replace(' role="graphics-symbol"', '$& aria-hidden="true"'),
  );
}

/** As `font-family`, which the page says once for all images. */
const FONT = ` font-family="${config.font}"`;
const DECIMALS = 2;

/** What changes nothing: names that nobody asks for, frames that are never seen, and the opacity that everything has. */
const IDLE = /\s(?:class="[^"]*"|opacity="1")/gu;
const UNSEEN = /<path class="foreground"[^>]* display="none"\/>/gu;

/** What a group is called that has no words, and does not need any. */
const WORDLESS = /\s(?:role="graphics-object"|aria-roledescription="[^"]*")/gu;

/** A smaller image that looks the same: no figure that is drawn is finer than a hundredth of a pixel. */
export function slimmed(svg: string): string {
  return inTags(svg.replace(UNSEEN, ''), (tag) =>
    (tag.includes(' aria-label="') ? tag : tag.replace(WORDLESS, ''))
      .replace(FONT, '')
      .replace(IDLE, '')
      .replace(/\s(?:d|transform|[xy][12]?|width|height)="[^"]*"/gu, (attribute) =>
        attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/gu, (number) => String(Number(Number(number).toFixed(DECIMALS)))),
      ),
  );
}

function inTags(svg: string, change: (tag: string) => string): string {
  return svg.replace(/<[a-z][^>]*>/giu, change);
}

/** Of the letters that most words have, on a narrow screen that is held near, in pixels. */
const SMALLEST = 7.5;

/** Width of an image, in pixels, at which most of its words can be read; null where it has none. */
export function readableWidth(svg: string): number | null {
  const width = Number(/^<svg\b[^>]*?\swidth="([\d.]+)"/u.exec(svg)?.[1]);
  const sizes = [...svg.matchAll(/<text\b[^>]*\sfont-size="([\d.]+)px"/gu)]
    .map(([, size]) => Number(size))
    .sort(ascending);
  const usual = sizes[Math.floor(sizes.length / 2)];
  if (usual === undefined || !(width > 0)) return null;
  return Math.min(width, Math.round((width * SMALLEST) / usual));
}

function ascending(a: number, b: number): number {
  return a - b;
}
