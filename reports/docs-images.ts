/** The images of the README and of `docs/`, drawn from a real run that is kept beside them. */
import { fileURLToPath } from 'node:url';
import { summarise } from '../harness/judge/summary.ts';
import { tracesOf } from '../harness/judge/traces.ts';
import { readRun } from '../harness/store/read-run.ts';
import { packageFolder } from '../harness/version.ts';
import { drawCharts } from './draw.ts';
import { drawnWidth, standalone } from './image.ts';
import { DEFAULT_IMAGES, THEMES } from './images.ts';
import { png } from './png.ts';

const RUN = 'docs/runs/2026-11-21.ndjson';

/** Base names of the charts that the documentation shows. */
const SHOWN = [
  'overview',
  'throughput-cpu-ms-10',
  'ratio-cpu-ms-10',
  'cpu-per-request-hello',
  'memory-cpu-ms-10',
  'timeline-cpu-ms-10',
  'latency-percentiles-mixed-ms-100-percent-5',
  'latency-at-rate-mixed-ms-100-percent-5',
];

/** Name and content of every file, the same bytes each time. */
export async function docsImages(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const run = readRun(fileURLToPath(new URL(RUN, packageFolder())), { salvage: false });
  const report = { summary: summarise(run), traces: tracesOf(run) };
  const charts = [...new Set(SHOWN.map((name) => name.replace(/-(?:hello|cpu|io|mixed)\b.*$/u, '')))];
  const files = new Map<string, string | Uint8Array>();
  for (const theme of THEMES) {
    for await (const chart of drawCharts(report, { ...DEFAULT_IMAGES, theme, charts })) {
      if (chart.kind === 'omitted' || !SHOWN.includes(chart.file)) continue;
      const { svg, alt, file } = chart;
      const name = theme === 'light' ? file : `${file}-${theme}`;
      files.set(`${name}.svg`, standalone(svg, alt, drawnWidth(svg)));
      // For places that show no SVG, such as the cards of social networks.
      if (file === 'overview') files.set(`${name}.png`, png(svg, drawnWidth(svg)));
    }
  }
  return files;
}
