/** The names of lines beside their ends, each in the colour of its line. */
import { type Anchor, type PlacedLabel, placeLabels } from './direct-labels.ts';
import type { Layer } from './frame.ts';
import type { Panel } from './panels.ts';
import { haloedLayers, pathLayers } from './pixels.ts';

const LOOK = { fontSize: 14, fontWeight: 'bold' } as const;

/** Beside the ends of the lines of one panel; `anchors` are in pixels from the top left of the image's plot. */
export function lineNameLayers(panel: Panel, anchors: readonly Anchor[]): Layer[] {
  const { left, top, height } = panel;
  const within = anchors.map((anchor) => ({ ...anchor, x: anchor.x - left, y: anchor.y - top }));
  // Beside the longest line, even where that leaves room on the right: the shorter the way, the easier to follow.
  const end = Math.max(0, ...within.map(({ x }) => x));
  const placed = placeLabels(within, end, height).map((label) => ({
    ...label,
    x: label.x + left,
    y: label.y + top,
    textX: label.textX + left,
    textY: label.textY + top,
  }));
  return placedNameLayers(placed);
}

/** Names where they have been placed, in pixels from the top left of the plot, with lines to ends that are far from them. */
export function placedNameLayers(placed: readonly PlacedLabel[]): Layer[] {
  const leaders = placed
    .filter(({ isLed }) => isLed)
    .map(({ x, y, textX, textY, colour }) => ({ x: [x + 6, textX - 4], y: [y, textY], colour, opacity: 0.6 }));
  const names = placed.flatMap(({ text, textX, textY, colour }) =>
    haloedLayers([{ x: textX, y: textY, text }], { ...LOOK, color: colour }),
  );
  return [...pathLayers(leaders, { strokeWidth: 1 }), ...names];
}
