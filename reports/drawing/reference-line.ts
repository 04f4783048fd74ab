/** A figure that others are read against, drawn as a vertical line through the plot with its name above. */

import type { Layer } from './frame.ts';
import { textWidth } from './text-width.ts';
import { INK } from './theme.ts';

export interface HeadLine {
  readonly text: string;
  /** In pixels from the upper edge of the plot; negative is above it. */
  readonly y: number;
  readonly strong: boolean;
}

const STRONG_SIZE = 13;
const QUIET_SIZE = 12;

/** Text above the plot around a place in it, moved so that it does not leave the plot. Both in pixels. */
export function headLayers(at: number, plotWidth: number, lines: readonly HeadLine[]): Layer[] {
  return lines.map(({ text, y, strong }) => {
    const size = strong ? STRONG_SIZE : QUIET_SIZE;
    const half = textWidth(text, size, strong ? 'bold' : 'regular') / 2;
    const middle = Math.max(half, Math.min(at, plotWidth - half));
    const look = strong ? { fontWeight: 'bold' as const, color: INK.strong } : { color: INK.quiet };
    return {
      data: { values: [{}] },
      mark: { type: 'text', text, align: 'center', fontSize: size, ...look },
      encoding: { x: { value: middle }, y: { value: y } },
    };
  });
}

/** From `top` to the lower edge of the plot. */
export function lineLayer(at: number, top: number, look: object): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'rule', color: INK.strong, strokeWidth: 1.8, ...look },
    encoding: { x: { value: at }, y: { value: top }, y2: { value: 'height' } },
  };
}
