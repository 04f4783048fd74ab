/** Keeps the page small enough to be sent and opened, whatever it is of. */
import { chartFigure } from './figure.ts';
import type { ChartApart, DrawnChart, PageChart, ReportChart } from './report-chart.ts';

/** A page with more bytes than this gives up images. */
export const MOST_BYTES = 1_900_000;

/** What the page says about images that it gave up, at most. */
const NOTICE_BYTES = 500;

/**
 * The charts without as many images as it takes to save so many bytes: the largest goes first, of equal ones the first, and
 * those of the whole run only when no others are left.
 */
export function lighter(charts: readonly ReportChart[], excess: number): PageChart[] {
  const heaviest = charts
    .flatMap((chart) => (chart.kind === 'drawn' ? [{ chart, bytes: bytesSaved(chart) }] : []))
    .toSorted((a, b) => Number(isOfRun(a.chart)) - Number(isOfRun(b.chart)) || b.bytes - a.bytes);
  const given = new Set<ReportChart>();
  let left = excess + NOTICE_BYTES;
  for (const { chart, bytes } of heaviest) {
    if (left <= 0) break;
    given.add(chart);
    left -= bytes;
  }
  return charts.map((chart) => (chart.kind === 'drawn' && given.has(chart) ? withoutImage(chart) : chart));
}

/** What stands above the charts when not all of them are on the page, in plain text; null when they are. */
export function apartText(charts: readonly PageChart[]): string | null {
  const count = charts.filter(({ kind }) => kind === 'apart').length;
  if (count === 0) return null;
  const which = count === 1 ? 'The largest chart is' : `The ${count} largest charts are`;
  return `${which} not drawn on this page, which would be too large: see the images beside it.`;
}

function bytesSaved(chart: DrawnChart): number {
  return Buffer.byteLength(chartFigure(chart, '', '')) - Buffer.byteLength(chartFigure(withoutImage(chart), '', ''));
}

function isOfRun({ scenario }: ReportChart): boolean {
  return scenario === null;
}

function withoutImage({ name, scenario, alt, file }: DrawnChart): ChartApart {
  return { kind: 'apart', name, scenario, alt, file };
}
