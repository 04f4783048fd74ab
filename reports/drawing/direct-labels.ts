/** Places the names of lines beside their last points, so that a chart needs no legend. */

/** A point that wants a label, in pixels. */
export interface Anchor {
  readonly text: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel extends Anchor {
  /** Left end and middle of the text. */
  readonly textX: number;
  readonly textY: number;
  /** Whether it stands so far from its point that a line must lead there. */
  readonly isLed: boolean;
}

const LINE = 19;
const CHARACTER = 7.6;
const GAP = 12;
/** A line that ends left of this share of the plot has room for its name beside its end. */
const INSIDE = 0.6;

/** What a label takes, in pixels. */
export function labelWidth(text: string): number {
  return text.length * CHARACTER;
}

/**
 * Names of lines that end well inside the plot stand beside their ends, the others in a column right of it, where they
 * are moved apart. Names never overlap as long as the plot is high enough for all of them.
 */
export function placeLabels(anchors: readonly Anchor[], width: number, height: number): PlacedLabel[] {
  const inside = anchors.filter(({ text, x }) => x < width * INSIDE && x + GAP + labelWidth(text) < width);
  const right = anchors.filter((anchor) => !inside.includes(anchor));
  return [
    ...spread(inside, height).map(([anchor, textY]) => placed(anchor, anchor.x + GAP, textY)),
    ...spread(right, height).map(([anchor, textY]) => placed(anchor, width + 2 * GAP, textY)),
  ];
}

function placed(anchor: Anchor, textX: number, textY: number): PlacedLabel {
  const isLed = Math.abs(textY - anchor.y) > LINE / 2 || textX - anchor.x > 3 * GAP;
  return { ...anchor, textX, textY, isLed };
}

/** Each as near to its point as the one above allows, and all moved up when they would leave the plot. */
function spread(anchors: readonly Anchor[], height: number): [Anchor, number][] {
  let lowest = -Infinity;
  const down = anchors
    // Of ends at one height the rightmost comes first: then no line to a name crosses another.
    .toSorted((a, b) => a.y - b.y || b.x - a.x)
    .map((anchor): [Anchor, number] => {
      lowest = Math.max(anchor.y, lowest + LINE);
      return [anchor, lowest];
    });
  let highest = height + LINE;
  return down.toReversed().map(([anchor, y]) => {
    highest = Math.min(y, highest - LINE);
    return [anchor, highest];
  });
}
