import { html } from '../escape.ts';

/** Tells people who do not see the image what it shows. */
export function labelled(svg: string, alt: string): string {
  return svg.replace(/^<svg\b/u, () => `<svg role="img" aria-label="${html(alt)}"`);
}

/**
 * Renames the ids of an image, so that several fit on one page: with equal ids, every reference would point into the
 * first image. Only tags are touched; text that looks like an id stays.
 */
export function isolated(svg: string, prefix: string): string {
  return svg.replace(/<[a-z][^>]*>/giu, (tag) =>
    tag
      .replace(/(\sid=")([^"]*)"/gu, `$1${prefix}$2"`)
      .replace(/(\s(?:xlink:)?href="#)([^"]*)"/gu, `$1${prefix}$2"`)
      .replace(/(url\(#)([^)]*)\)/gu, `$1${prefix}$2)`),
  );
}
