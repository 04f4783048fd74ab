/** The images of the README and of `docs/`, drawn from a real run that is kept beside them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { summarise } from '../../harness/judge/summary.ts';
import { tracesOf } from '../../harness/judge/traces/traces.ts';
import { readRun } from '../../harness/store/read-run.ts';
import { packageFolder } from '../../harness/version.ts';
import { ofFaults } from '../charts/index.ts';
import type { Reported } from '../words/runs.ts';
import { drawCharts } from './draw.ts';
import { DEFAULT_IMAGES, THEMES } from './options.ts';
import { png } from './png.ts';
import { drawnWidth, standalone } from './svg.ts';

const RUN = 'docs/runs/2026-11-30.ndjson';
/** Of faults. A repository that does not have it yet has no images of it either. */
const FAULTED = 'docs/runs/faults.ndjson';
const CPU = 'cpu:ms=10';
const MIXED = 'mixed:ms=100,percent=5';

/** The charts that the documentation shows, each of the scenario that has most to say with it. */
const SHOWN: Readonly<Record<string, string | null>> = {
  overview: null,
  throughput: CPU,
  ratio: CPU,
  matrix: CPU,
  latency: 'hello',
  'latency-percentiles': MIXED,
  'requests-per-worker': MIXED,
  'cpu-per-request': 'hello',
  memory: CPU,
  'cost-against-speed': MIXED,
  'latency-at-rate': MIXED,
  'latency-heat-map': MIXED,
  timeline: CPU,
};
/** Shown to readers of dark pages too, and where no SVG is shown, such as the cards of social networks. */
const FIRST = 'overview';

/** Name and content of every file, the same bytes each time. */
export async function docsImages(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const report = reportOf(RUN);
  const files = new Map<string, string | Uint8Array>(await faultImages());
  for (const theme of THEMES) {
    const charts = theme === 'light' ? Object.keys(SHOWN) : [FIRST];
    for await (const chart of drawCharts(report, { ...DEFAULT_IMAGES, theme, charts })) {
      if (chart.kind !== 'drawn' || chart.scenario !== SHOWN[chart.name] || chart.part !== undefined) continue;
      const { svg, alt, file } = chart;
      const name = theme === 'light' ? file : `${file}-${theme}`;
      files.set(`${name}.svg`, standalone(svg, alt, drawnWidth(svg)));
      if (chart.name === FIRST) files.set(`${name}.png`, png(svg, drawnWidth(svg)));
    }
  }
  return files;
}

function reportOf(path: string): Reported {
  const run = readRun(fileURLToPath(new URL(path, packageFolder())), { salvage: false });
  return { summary: summarise(run), traces: tracesOf(run) };
}

/** The charts of every fault of that run. */
async function faultImages(): Promise<[name: string, content: string][]> {
  if (!existsSync(new URL(FAULTED, packageFolder()))) return [];
  const files: [string, string][] = [];
  for await (const chart of drawCharts(reportOf(FAULTED), { ...DEFAULT_IMAGES, charts: Object.keys(ofFaults) })) {
    if (chart.kind === 'omitted') continue;
    files.push([`${chart.file}.svg`, standalone(chart.svg, chart.alt, drawnWidth(chart.svg))]);
  }
  return files;
}
