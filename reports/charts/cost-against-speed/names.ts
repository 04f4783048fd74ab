/** Names beside marks that may stand anywhere in a plot. */
import { textWidth } from '../../drawing/text-width.ts';

/** In pixels from the top left of the plot. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Named {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedName extends Named {
  /** Left end and middle of the text. */
  readonly textX: number;
  readonly textY: number;
  /** Whether it stands so far from its mark that a line must lead there. */
  readonly isLed: boolean;
}

export const NAME = { size: 14, face: 'bold' } as const;
const HALF_HEIGHT = 9;
/** From the middle of a mark to its name. */
const GAP = 12;
/** How far names are moved up or down, until one place is free. */
const STEPS = [0, -20, 20, -38, 38, -56, 56, -74, 74, -92, 92, -110, 110, -128, 128] as const;
/** A name beside its mark or right above it needs no line. */
const NEAR = 20;

/** Each in the nearest place where it lies on nothing: neither on these boxes nor on a name before it. */
export function placedNames(
  all: readonly Named[],
  taken: readonly Box[],
  plot: { readonly width: number; readonly height: number },
): PlacedName[] {
  const boxes = [...taken];
  return all.map((named) => {
    const places = candidates(named);
    const costs = places.map(({ box }) => costOf(box, boxes, plot));
    const place = places[costs.indexOf(Math.min(...costs))];
    if (place === undefined) throw new Error('a name has no place');
    boxes.push(place.box);
    const { box, shift } = place;
    return { ...named, textX: box.left, textY: (box.top + box.bottom) / 2, isLed: Math.abs(shift) > NEAR };
  });
}

/** Nearest first: right, left, and above or below these. */
function candidates({ text, x, y }: Named): { readonly box: Box; readonly shift: number }[] {
  const width = textWidth(text, NAME.size, NAME.face);
  return STEPS.flatMap((shift) => {
    const beside = [x + GAP, x - GAP - width, ...(shift === 0 ? [] : [x - width / 2])];
    return beside.map((left) => ({
      shift,
      box: { left, right: left + width, top: y + shift - HALF_HEIGHT, bottom: y + shift + HALF_HEIGHT },
    }));
  });
}

/** Pixels of other things below it, and above all those beyond the plot. */
function costOf(box: Box, others: readonly Box[], { width, height }: { width: number; height: number }): number {
  const beyond = Math.max(0, -box.left) + Math.max(0, box.right - width) + Math.max(0, -box.top);
  const below = Math.max(0, box.bottom - height);
  return others.reduce((sum, other) => sum + overlap(box, other), 0) + 1000 * (beyond + below);
}

function overlap(a: Box, b: Box): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return across > 0 && down > 0 ? across * down : 0;
}
