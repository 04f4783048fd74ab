/** From a drawn chart to files: an SVG that stands alone, and PNG. */
import { Resvg } from '@resvg/resvg-js';
import { fontFaces, pngFonts } from './fonts.ts';
import { labelled } from './page/svg.ts';
import { pngFile } from './png-file.ts';

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
  return `${labelled(resized(svg, width), alt).replace(ROOT, (root) => `${root}${style}`)}\n`;
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

/** The image so many pixels wide, as a PNG file. Takes a good part of a second for a large one. */
export function png(svg: string, width: number): Uint8Array<ArrayBuffer> {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    // Only the font of the charts: the same bytes on every machine, also where there are no fonts.
    font: { loadSystemFonts: false, fontFiles: pngFonts(), defaultFontFamily: 'Inter' },
    logLevel: 'error',
  });
  const image = resvg.render();
  return pngFile(image.pixels, image.width, image.height);
}
