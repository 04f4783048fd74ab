/** From a drawn chart to a PNG file. Threads load this, so it loads little. */
import { Resvg } from '@resvg/resvg-js';
import { pngFonts } from './fonts.ts';
import { pngFile } from './png-file.ts';

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
