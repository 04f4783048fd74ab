/** What a drawn chart needs before it is shown: as a file of its own, or as one of several images on the page. */
import { config, DARK } from '../drawing/theme.ts';
import { html } from '../words/escape.ts';
import { fontFaces } from './fonts.ts';
import { cssName, IS_DARK, onDark } from './themes.ts';

const ROOT = /^<svg\b[^>]*>/u;

/** Width that Vega gave the image, in pixels. */
export function drawnWidth(svg: string): number {
  const width = widthOf(svg);
  if (width === null) throw new Error('the drawn image has no width');
  return width;
}

function widthOf(svg: string): number | null {
  const width = Number(/\swidth="([\d.]+)"/u.exec(ROOT.exec(svg)?.[0] ?? '')?.[1]);
  return width > 0 ? width : null;
}

/** The image as a file of its own: `width` pixels wide, with its label and the fonts that it uses. */
export function standalone(svg: string, alt: string, width: number): string {
  const css = fontFaces(svg);
  const style = css === '' ? '' : `<style>${css}</style>`;
  return `${labelled(withoutWordless(resized(svg, width)), alt).replace(ROOT, (root) => `${root}${style}`)}\n`;
}

function resized(svg: string, width: number): string {
  const drawn = drawnWidth(svg);
  return svg.replace(ROOT, (root) =>
    root.replace(/\b(width|height)="([\d.]+)"/gu, (_, side: string, pixels: string) => {
      const scaled = (Number(pixels) * width) / drawn;
      return `${side}="${Math.round(scaled * 100) / 100}"`;
    }),
  );
}

/** Tells people who do not see the image what it shows. */
export function labelled(svg: string, alt: string): string {
  return svg.replace(/^<svg\b/u, () => `<svg role="img" aria-label="${html(alt)}"`);
}

/** Hides marks without a label from screen readers, which would announce “graphic” and nothing else. */
export function withoutWordless(svg: string): string {
  return inTags(svg, (tag) =>
    tag.includes(' aria-label="') ? tag : tag.replace(' role="graphics-symbol"', '$& aria-hidden="true"'),
  );
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

/** As `font-family`, which the style sheet of the page sets once for all images. */
const FONT = ` font-family="${config.font}"`;
const DECIMALS = 2;

/** Attributes and frames without effect: unused class names, invisible frames, and the default opacity. */
const IDLE = /\s(?:class="[^"]*"|opacity="1")/gu;
const UNSEEN = /<path class="foreground"[^>]* display="none"\/>/gu;

/** The role of a group that has no label and needs none. */
const WORDLESS = /\s(?:role="graphics-object"|aria-roledescription="[^"]*")/gu;

/** A smaller image that looks the same: coordinates are rounded to a hundredth of a pixel. */
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

/** The median font size of a chart must not get smaller than this on a narrow screen, in pixels. */
const SMALLEST = 7.5;

/** The least width of an image, in pixels, at which most of its words can be read; null for an image without words. */
export function readableWidth(svg: string): number | null {
  const width = widthOf(svg);
  const sizes = [...svg.matchAll(/<text\b[^>]*\sfont-size="([\d.]+)px"/gu)]
    .map(([, size]) => Number(size))
    .toSorted((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)];
  if (usual === undefined || width === null) return null;
  return Math.min(width, Math.round((width * SMALLEST) / usual));
}
