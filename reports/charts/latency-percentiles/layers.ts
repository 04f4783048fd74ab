/** Layers of latency by percentile, one panel below the other. */

import type { Scale } from '../../drawing/axes.ts';
import { lineNameLayers } from '../../drawing/line-names.ts';
import { curves, IN_PIXELS, type Layer, type Path, points } from '../../drawing/marks.ts';
import { across, limitLayers, type Panel, upwards } from '../../drawing/panels.ts';
import { INK } from '../../drawing/theme.ts';
import { given } from '../../words/figures.ts';
import { percentileText } from '../../words/rates.ts';
import type { CurveLine, CurvePanel } from './curves.ts';
import { ninesOf } from './nines.ts';

/** Of a line that is not to be set beside the others. */
const FADED = 0.4;
const DASH = [5, 4];

const MARKS = [
  { key: 'p50', name: 'p50', share: 0.5 },
  { key: 'p90', name: 'p90', share: 0.9 },
  { key: 'p99', name: 'p99', share: 0.99 },
  { key: 'p999', name: 'p99.9', share: 0.999 },
] as const;

/** The axes of all panels: nines from left to right, milliseconds upwards. */
export interface CurveAxes {
  /** In nines. */
  readonly end: number;
  readonly y: Scale;
  /** The lowest latency that has a place: above zero on a logarithmic axis. */
  readonly lowestMs: number;
}

/** The text at the end of a line. */
export function nameOf({ label, mark }: CurveLine): string {
  return mark === null ? label : `${label} (${mark})`;
}

/** Everything within one panel; the names of the lines beside them, unless they stand elsewhere. */
export function curveLayers(axes: CurveAxes, panel: Panel, { lines, limits }: CurvePanel, hasNames: boolean): Layer[] {
  const paths = lines.map((line) => pathsOf(axes, panel, line));
  const anchors = lines.flatMap((line, i) => {
    const last = paths[i]?.flat().at(-1);
    const [x, y] = [last?.x.at(-1), last?.y.at(-1)];
    return x === undefined || y === undefined ? [] : [{ text: nameOf(line), colour: line.colour, x, y }];
  });
  return [
    ...limits.flatMap((limit) => sloLayers(axes, panel, limit)),
    ...curves(
      paths.flatMap(([solid]) => solid),
      { strokeWidth: 2.4 },
    ),
    ...curves(
      paths.flatMap(([, dashed]) => dashed),
      { strokeWidth: 2.4, strokeDash: DASH },
    ),
    ...markLayers(axes, panel, lines),
    ...(hasNames ? lineNameLayers(panel, anchors) : []),
  ];
}

/** Dashed where the truth may be more, or where the whole line is no steady figure. */
function pathsOf(axes: CurveAxes, panel: Panel, line: CurveLine): readonly [solid: Path[], dashed: Path[]] {
  const points = line.points.filter(({ ms }) => ms >= axes.lowestMs);
  const firstLost = points.findIndex(({ atLeast }) => atLeast);
  const known = line.mark === 'fell behind' ? 0 : firstLost === -1 ? points.length : firstLost;
  const path = (part: CurveLine['points']): Path[] => {
    if (part.length < 2) return [];
    return [
      {
        x: part.map(({ share }) => across(panel, ninesOf(share) / axes.end)),
        y: part.map(({ ms }) => upwards(panel, axes.y.at(ms))),
        colour: line.colour,
        opacity: line.mark === null ? 1 : FADED,
      },
    ];
  };
  return [path(points.slice(0, known)), path(points.slice(Math.max(0, known - 1)))];
}

/** Points at the percentiles that people name, with their figures in words. */
function markLayers(axes: CurveAxes, panel: Panel, lines: readonly CurveLine[]): Layer[] {
  const shown = lines.flatMap(({ label, colour, shape, mark, latency }) =>
    MARKS.flatMap(({ key, name, share }) => {
      const percentile = latency[key];
      const at = ninesOf(share) / axes.end;
      if (percentile === null || percentile.ms < axes.lowestMs || at > 1) return [];
      const words = `${label}: ${name} ${percentileText(percentile)} ms${mark === null ? '' : `, ${mark}`}`;
      return [
        {
          place: { x: across(panel, at), y: upwards(panel, axes.y.at(percentile.ms)), shape },
          look: { fill: colour, fillOpacity: mark === null ? 1 : FADED, description: words },
        },
      ];
    }),
  );
  return [
    // Paper below the point keeps the line from showing through one that is faded.
    ...points(
      IN_PIXELS,
      shown.map(({ place }) => place),
      { size: 46, fill: INK.paper, stroke: INK.paper, strokeWidth: 3 },
    ),
    ...points(
      IN_PIXELS,
      shown.map(({ place, look }) => ({ ...place, ...look })),
      { size: 46, filled: true },
    ),
  ];
}

/** Up to the percentile that the SLO is about: left of the line's end, curves must run below it. */
function sloLayers(axes: CurveAxes, panel: Panel, { percentile, limitMs }: CurvePanel['limits'][number]): Layer[] {
  const { share, name } = MARKS.find(({ key }) => key === percentile) ?? MARKS[0];
  return limitLayers(panel, {
    x2: across(panel, Math.min(1, ninesOf(share) / axes.end)),
    y: upwards(panel, axes.y.at(limitMs)),
    text: `SLO: ${name} within ${given(limitMs)} ms`,
  });
}
