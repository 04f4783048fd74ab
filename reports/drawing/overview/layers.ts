/** Draws the grid. Everything is placed in pixels: each column has an axis of its own. */
import type { Spread } from '../../spread.ts';
import type { Layer } from '../frame.ts';
import { barLayers, type Spot } from './bars.ts';
import { figureLayers, remarkLayers } from './cell-words.ts';
import type { Grid } from './grid.ts';
import { headingLayers, nameLayers, separatorLayers } from './headings.ts';
import type { Place } from './place.ts';
import type { Wording } from './words.ts';

/** Headings, names, bars and their words. */
export function gridLayers(grid: Grid, place: Place, spread: Spread, wording: Wording): Layer[] {
  const spots = grid.columns.flatMap((column, i): Spot[] => {
    const placed = place.columns[i];
    if (placed === undefined) return [];
    const { left, right } = placed;
    return column.cells.map((cell) => ({ column, cell, left, right, top: place.rowTops[cell.row] ?? 0 }));
  });
  return [
    ...separatorLayers(place),
    ...headingLayers(place),
    ...nameLayers(place),
    ...barLayers(spots, place.inRow, spread),
    ...figureLayers(spots, place.inRow, wording, spread),
    ...remarkLayers(spots, place.inRow, wording),
  ];
}
