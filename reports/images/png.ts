import { Resvg } from '@resvg/resvg-js';
import { pngFonts } from './fonts.ts';

/** The image so many pixels wide, as a PNG file. Takes a good part of a second for a large one. */
export function png(svg: string, width: number): Uint8Array {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    // Only the font of the charts: the same bytes on every machine, also where there are no fonts.
    font: { loadSystemFonts: false, fontFiles: pngFonts(), defaultFontFamily: 'Inter' },
    logLevel: 'error',
  });
  return resvg.render().asPng();
}
