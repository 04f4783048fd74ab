/** Figures above the bars, and what is to be said of them. */
import { INK } from '../../charts/theme.ts';
import type { Spread } from '../../spread.ts';
import { DESCRIBED, DESCRIPTION } from '../described.ts';
import type { Layer } from '../frame.ts';
import type { Spot } from './bars.ts';
import type { GridCell } from './grid.ts';
import { texts } from './marks.ts';
import { SMALL } from './names.ts';
import type { InRow } from './row.ts';
import { remarkLeft } from './wording.ts';
import { describe, figureText, remark, type Wording } from './words.ts';

/** What has no bar is described by its word. */
export function figureLayers(spots: readonly Spot[], inRow: InRow, wording: Wording, spread: Spread): Layer[] {
  const of = (kind: GridCell['kind']) => spots.filter(({ cell }) => cell.kind === kind);
  const words = ({ cell, left, top }: Spot) => ({ x: left, y: top + inRow.figure, text: figureText(cell, wording) });
  const size = { fontSize: inRow.look.size };
  const failed = of('failed').map((spot) => ({
    ...words(spot),
    y: spot.top + inRow.middle,
    description: describe(spot.column, spot.cell, spread),
  }));
  const failedLook = { fontSize: SMALL.size, fontStyle: 'italic', color: INK.quiet, ...DESCRIBED };
  return [
    ...texts(of('ranked').map(words), { ...size, fontWeight: 'bold', color: INK.strong }),
    ...texts(of('not-ranked').map(words), { ...size, color: INK.quiet }),
    ...texts(failed, failedLook, DESCRIPTION),
  ];
}

/** Verdicts in strong ink, all else in quiet. */
export function remarkLayers(spots: readonly Spot[], inRow: InRow, wording: Wording): Layer[] {
  const remarks = spots.flatMap(({ cell, left, top }) => {
    const text = remark(cell, wording);
    const x = left + (inRow.isBeside ? remarkLeft(cell, wording, inRow.look) : 0);
    const isVerdict = cell.kind === 'ranked' && !cell.isBaseline;
    return text === '' ? [] : [{ isVerdict, words: { x, y: top + inRow.remark, text } }];
  });
  const [verdicts, others] = [true, false].map((one) =>
    remarks.filter(({ isVerdict }) => isVerdict === one).map(({ words }) => words),
  );
  return [
    ...texts(verdicts ?? [], { fontSize: SMALL.size, color: INK.strong }),
    ...texts(others ?? [], { fontSize: SMALL.size, color: INK.quiet }),
  ];
}
