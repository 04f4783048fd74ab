/** How far the axis of CPU time reaches, and what is drawn over the bars. */
import type { CellResult } from '../../../harness/judge/schema/summary.ts';
import type { Layer } from '../../drawing/frame.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { headLayers, lineLayer } from '../../drawing/reference-line.ts';
import type { MeasuredRow } from '../../drawing/rows.ts';
import { INK } from '../../drawing/theme.ts';
import type { RowWhisker } from '../../drawing/whiskers.ts';
import { WIDEST } from '../../words/figures.ts';
import { endsOf } from '../../words/spread.ts';
import type { CpuUnit } from './roles.ts';

/** An interval is followed to this multiple of the longest bar, and then cut off. */
const FARTHEST_WHISKER = 1.5;
/** Beyond this multiple of everything measured the line of the handler would squeeze the bars, and is told in words. */
const FARTHEST_HANDLER = 2;

/** The estimate in another unit. */
export function scaled(estimate: CellResult['cpuMsPerRequest'], by: number): CellResult['cpuMsPerRequest'] {
  const { point, low, high, min, max } = estimate;
  const end = (value: number | null) => (value === null ? null : value * by);
  return { ...estimate, point: point * by, low: end(low), high: end(high), min: min * by, max: max * by };
}

/** CPU time of the handler without a server around it, in the unit of the chart; null where that is not known. */
export function handlerOf({ scenario: { limit } }: ChartInput, { perMs }: CpuUnit): number | null {
  return limit?.kind === 'cpu' ? limit.kernelCpuMs * perMs : null;
}

/** Whether an interval is so wide that it says nothing. */
export function isUnsettled({ low, high }: Omit<RowWhisker, 'label'>): boolean {
  return high > WIDEST * low;
}

/** Of the totals that have more than one trial, as far as an interval says anything; in the unit of the chart. */
export function whiskersOf(measured: readonly MeasuredRow[], { perMs }: CpuUnit): RowWhisker[] {
  return measured.flatMap(({ label, result: { cpuMsPerRequest } }) => {
    const { low, high } = endsOf(scaled(cpuMsPerRequest, perMs));
    return cpuMsPerRequest.trials > 1 && !isUnsettled({ low, high }) ? [{ label, low, high }] : [];
  });
}

/** The right end of the axis. */
export function endOf(measured: readonly MeasuredRow[], handler: number | null, unit: CpuUnit): number {
  const longest = Math.max(...measured.map(({ result }) => result.cpuMsPerRequest.point * unit.perMs));
  const whiskers = Math.max(0, ...whiskersOf(measured, unit).map(({ high }) => high));
  const highest = Math.max(longest, Math.min(whiskers, longest * FARTHEST_WHISKER));
  const needed = handler !== null && handler <= highest * FARTHEST_HANDLER ? Math.max(highest, handler) : highest;
  return needed > 0 ? needed * 1.04 : 1;
}

/** A dashed line where the handler alone would be; words where that is far beyond the axis. */
export function handlerLayers(handler: number, text: string, end: number, plotWidth: number): Layer[] {
  const isShown = handler <= end;
  const at = isShown ? (handler / end) * plotWidth : plotWidth;
  return [
    ...(isShown
      ? [
          // A light edge, so that the line shows on bars of any colour.
          lineLayer(at, -22, { color: INK.paper, strokeWidth: 3.4, opacity: 0.7 }),
          lineLayer(at, -22, { strokeDash: [6, 4] }),
        ]
      : []),
    ...headLayers(at, plotWidth, [{ text: isShown ? text : `${text}, beyond this axis →`, y: -34, strong: true }]),
  ];
}
