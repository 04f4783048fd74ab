/** From a drawn chart to an SVG file that stands alone. */
import { fontFaces } from './fonts.ts';
import { labelled, withoutWordless } from './svg.ts';

const ROOT = /^<svg\b[^>]*>/u;

/** Width that Vega gave the image, in pixels. */
export function drawnWidth(svg: string): number {
  const width = /\bwidth="([\d.]+)"/u.exec(ROOT.exec(svg)?.[0] ?? '')?.[1];
  if (width === undefined) throw new Error('the drawn image has no width');
  return Number(width);
}

/** The image as a file of its own: as wide as asked for, with words for those who do not see it, and with its font. */
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
