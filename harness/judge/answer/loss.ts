/** What each model lost of what it was to keep for its clients. */
import type { CellSummary } from '../schema/summary.ts';
import { namesOf, percent } from '../words.ts';

/** `requests that found their session lost: single 0%, cluster 0%, fork-pool 51%`, without a full stop; empty where nothing can be lost. */
export function lossText(cells: readonly CellSummary[]): string {
  const name = namesOf(cells);
  const told = cells.flatMap((cell) =>
    cell.result === null || cell.result.lostShare === null ? [] : [{ name: name(cell), share: cell.result.lostShare }],
  );
  if (told.length === 0) return '';
  if (told.every(({ share }) => share === 0)) return 'no session was lost';
  return `requests that found their session lost: ${told.map((one) => `${one.name} ${shareText(one.share)}`).join(', ')}`;
}

/** In whole percent; what is little is not nothing. */
export function shareText(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : percent(Math.round(share * 100) / 100);
}
