import { basename, dirname, join } from 'node:path';
import { makeFolderIn, writeAnew } from '../harness/store/out-folder.ts';
import { finishedWidth } from './drawing/canvas.ts';
import { type DrawnChart, drawCharts } from './images/draw.ts';
import { DEFAULT_IMAGES, type ImageOptions } from './images/options.ts';
import { PngThreads } from './images/png-threads.ts';
import { drawnWidth, standalone } from './images/svg.ts';
import { markdownReport } from './markdown.ts';
import { pageAssets } from './page/assets.ts';
import { linkData } from './page/link.ts';
import { htmlReport, type ReportChart, reportChart } from './page/page.ts';
import { harmless } from './words/escape.ts';
import type { Reported } from './words/runs.ts';

export type { Reported } from './words/runs.ts';

export interface OmittedChart {
  readonly chart: string;
  /** Id of the scenario; null for a chart of the whole run. */
  readonly scenario: string | null;
  readonly reason: string;
}

export interface WrittenReport {
  /** Path of the page; null where only certain charts were asked for. */
  readonly index: string | null;
  /** Paths of the SVG images. */
  readonly charts: readonly string[];
  readonly omitted: readonly OmittedChart[];
}

const MOST_AHEAD = 8;

/**
 * Draws the charts of a run and writes each as SVG, PNG, PNG of twice the size and Vega-Lite specification, and one that moves as
 * SVG alone, into a folder, which is created when it is missing; and, unless only certain charts are asked for, the page and the markdown with them.
 */
export async function writeReport(
  report: Reported,
  folder: string,
  options: ImageOptions = DEFAULT_IMAGES,
): Promise<WrittenReport> {
  makeFolderIn(dirname(folder), basename(folder));
  const shown: ReportChart[] = [];
  const images: string[] = [];
  const writing: Promise<unknown>[] = [];
  const threads = new PngThreads();
  try {
    for await (const chart of drawCharts(report, options)) {
      if (chart.kind === 'drawn') {
        const path = join(folder, chart.file);
        images.push(`${path}.svg`);
        writing.push(writeImage(chart, path, options, threads));
        // The charts ahead of their pixels are few, so that large reports take no more memory than small ones.
        await writing[writing.length - MOST_AHEAD];
      } else if (chart.kind === 'moving') {
        const path = join(folder, `${chart.file}.svg`);
        images.push(path);
        writeAnew(path, standalone(chart.svg, chart.alt, drawnWidth(chart.svg)));
      }
      shown.push(reportChart(chart));
    }
    await Promise.all(writing);
  } finally {
    // What failed first is thrown; the rest has nobody to tell.
    for (const files of writing) files.catch(() => undefined);
    await threads.close();
  }
  const index = options.charts === null ? join(folder, 'index.html') : null;
  if (index !== null) {
    writeAnew(index, htmlReport(report, shown, await pageAssets(), { kind: 'offered', data: linkData(report) }));
    writeAnew(join(folder, 'report.md'), harmless(markdownReport(report.summary, shown)));
  }
  return { index, charts: images, omitted: shown.flatMap(omittedOf) };
}

/** Charts that stand outside a report, as files in a folder that exists. Returns the paths of the SVG images. */
export async function writeImages(
  charts: readonly DrawnChart[],
  folder: string,
  options: ImageOptions,
): Promise<readonly string[]> {
  const threads = new PngThreads();
  try {
    const images = charts.flatMap((chart) =>
      chart.kind === 'drawn' ? [{ chart, path: join(folder, chart.file) }] : [],
    );
    await Promise.all(images.map(({ chart, path }) => writeImage(chart, path, options, threads)));
    return images.map(({ path }) => `${path}.svg`);
  } finally {
    await threads.close();
  }
}

/** A drawn chart as SVG, PNG, PNG of twice the size and specification; `path` is without ending. */
async function writeImage(
  { svg, alt, spec }: Extract<DrawnChart, { kind: 'drawn' }>,
  path: string,
  { canvas }: ImageOptions,
  threads: PngThreads,
): Promise<void> {
  const width = finishedWidth(canvas, drawnWidth(svg));
  writeAnew(`${path}.svg`, standalone(svg, alt, width));
  writeAnew(`${path}.vl.json`, `${JSON.stringify(spec, null, 2)}\n`);
  await Promise.all([
    threads.draw(svg, width).then((image) => writeAnew(`${path}.png`, image)),
    threads.draw(svg, 2 * width).then((image) => writeAnew(`${path}@2x.png`, image)),
  ]);
}

function omittedOf(chart: ReportChart): OmittedChart[] {
  return chart.kind !== 'omitted' ? [] : [{ chart: chart.name, scenario: chart.scenario, reason: chart.reason }];
}

/** Why charts were not drawn, each reason of a chart once: `no chart latency-at-rate of hello, io:ms=20: no latency …`. */
export function omissions(omitted: readonly OmittedChart[]): string[] {
  const groups: { chart: string; reason: string; scenarios: string[] }[] = [];
  for (const { chart, scenario, reason } of omitted) {
    let group = groups.find((one) => one.chart === chart && one.reason === reason);
    if (group === undefined) {
      group = { chart, reason, scenarios: [] };
      groups.push(group);
    }
    if (scenario !== null) group.scenarios.push(scenario);
  }
  return groups.map(
    ({ chart, reason, scenarios }) =>
      `no chart ${chart}${scenarios.length === 0 ? '' : ` of ${scenarios.join(', ')}`}: ${reason}`,
  );
}
