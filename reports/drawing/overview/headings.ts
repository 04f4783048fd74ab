/** What stands above the columns and left of the rows. */
import { INK } from '../../charts/theme.ts';
import type { Layer } from '../frame.ts';
import { MARGIN } from '../layout.ts';
import { WIDTH } from './columns.ts';
import { rules, texts } from './marks.ts';
import { LABEL, SMALL } from './names.ts';
import { LEADING, type Place } from './place.ts';

/** Lines above, between and below the models. */
export function separatorLayers({ separators }: Place): Layer[] {
  const lines = separators.map((y) => ({ x: MARGIN, x2: WIDTH - MARGIN, y, y2: y }));
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

/** Models in their colours, which is the only legend there is, and the runs of each. */
export function nameLayers({ names: { groups, runs, runsLeft }, rowTops, rowHeight }: Place): Layer[] {
  const line = LABEL.size * 1.2;
  const all = groups.flatMap(({ colour, first, count, lines }) => {
    const middle = (rowTops[first] ?? 0) + (count / 2) * rowHeight;
    return lines.map((text, i) => ({ x: MARGIN, y: middle + (i - (lines.length - 1) / 2) * line, text, colour, i }));
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
    ...texts(
      runs.map((text, row) => ({ x: runsLeft, y: (rowTops[row] ?? 0) + rowHeight / 2, text })),
      { fontSize: SMALL.size, color: INK.normal },
    ),
  ];
}
