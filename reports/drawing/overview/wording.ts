/** Which words there is room for: the same in every cell of an image. */
import { textWidth } from '../text-width.ts';
import type { PlacedColumns } from './columns.ts';
import { fits, type Look } from './fit.ts';
import { type Grid, type GridCell, hasLowRows } from './grid.ts';
import { SMALL } from './names.ts';
import { figureText, remark, SMALLEST_FIGURE, type Wording } from './words.ts';

const FIGURES: Look = { size: SMALLEST_FIGURE, face: 'bold' };
/** From the most telling to the shortest. */
const SIDE_BY_SIDE: readonly Wording[] = [
  { inWords: true, hasImplied: true, hasUnit: true },
  { inWords: true, hasImplied: true, hasUnit: false },
  { inWords: true, hasImplied: false, hasUnit: true },
  { inWords: true, hasImplied: false, hasUnit: false },
  { inWords: false, hasImplied: false, hasUnit: true },
];
const SHORTEST: Wording = { inWords: false, hasImplied: false, hasUnit: false };

export function wordingOf(grid: Grid, { width }: Pick<PlacedColumns, 'width'>): Wording {
  const cells = grid.columns.flatMap((column) => column.cells);
  return hasLowRows(grid) ? besideEachOther(cells, width) : belowEachOther(cells, width);
}

function belowEachOther(cells: readonly GridCell[], width: number): Wording {
  const inWords = cells.every((cell) => fits(remark(cell, { inWords: true, hasImplied: true }), width, SMALL));
  const hasUnit = cells.every((cell) => fits(figureText(cell, { hasUnit: true }), width, FIGURES));
  return { inWords, hasImplied: inWords, hasUnit };
}

function besideEachOther(cells: readonly GridCell[], width: number): Wording {
  const isRoom = (wording: Wording) => cells.every((cell) => rightEnd(cell, wording, FIGURES) <= width);
  return SIDE_BY_SIDE.find(isRoom) ?? SHORTEST;
}

/** Where a remark begins that stands beside its figure. */
export function remarkLeft(cell: GridCell, wording: Wording, { size, face }: Look): number {
  return textWidth(figureText(cell, wording), size, face) + size / 2;
}

/** Where such a remark ends, from the left edge of its column. */
export function rightEnd(cell: GridCell, wording: Wording, look: Look): number {
  return remarkLeft(cell, wording, look) + textWidth(remark(cell, wording), SMALL.size);
}
