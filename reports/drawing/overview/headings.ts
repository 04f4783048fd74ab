/** What stands above the columns and left of the rows. */
import { INK } from '../../charts/theme.ts';
import type { Layer } from '../frame.ts';
import { MARGIN } from '../layout.ts';
import { LABEL, SMALL, WIDTH } from './columns.ts';
import type { Grid } from './grid.ts';
import { rules, texts } from './marks.ts';
import { LEADING, type Place } from './place.ts';

/** Lines above, between and below the rows. */
export function separators({ rows }: Grid, { rowsTop, rowHeight }: Place): Layer[] {
  const lines = Array.from({ length: rows.length + 1 }, (_, i) => {
    const y = rowsTop + i * rowHeight;
    return { x: MARGIN, x2: WIDTH - MARGIN, y, y2: y };
  });
  return rules(lines, { color: INK.grid, strokeWidth: 1.5 });
}

/** Scenarios, their physical limits, and the answers. */
export function headingLayers({ columns, head, headTop, headLines }: Place): Layer[] {
  const line = head.size * LEADING;
  const bottom = headTop + headLines * line;
  const titles = columns.flatMap(({ left, title }) =>
    title.map((text, i) => ({ x: left, y: bottom - (title.length - i - 0.5) * line, text })),
  );
  const limits = columns.flatMap(({ limit }) =>
    limit === null ? [] : [{ x: limit.right, y: bottom - line / 2, text: limit.text }],
  );
  const y = bottom + (SMALL.size * LEADING) / 2;
  const below = columns.flatMap(({ left, answer }) => (answer === null ? [] : [{ x: left, y, text: answer }]));
  return [
    ...texts(titles, { fontSize: head.size, fontWeight: 'bold', color: INK.strong }),
    ...texts(limits, { fontSize: SMALL.size, align: 'right', color: INK.quiet }),
    ...texts(below, { fontSize: SMALL.size, color: INK.normal }),
  ];
}

/** Models in their colours: the only legend there is. */
export function nameLayers({ rows }: Grid, { labels, rowsTop, rowHeight }: Place): Layer[] {
  const line = LABEL.size * 1.2;
  const all = rows.flatMap(({ colour }, row) => {
    const own = labels[row] ?? [];
    const middle = rowsTop + (row + 0.5) * rowHeight;
    return own.map((text, i) => ({ x: MARGIN, y: middle + (i - (own.length - 1) / 2) * line, text, colour, i }));
  });
  const models = all.filter(({ i }) => i === 0);
  const settings = all.filter(({ i }) => i > 0);
  return [
    ...texts(
      models.map(({ i: _, ...label }) => label),
      { fontSize: LABEL.size, fontWeight: 'bold' },
    ),
    ...texts(
      settings.map(({ x, y, text }) => ({ x, y, text })),
      { fontSize: SMALL.size, color: INK.normal },
    ),
  ];
}
