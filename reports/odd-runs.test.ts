/** Whatever was measured can be judged, drawn and told: runs with figures at the ends of what is possible, in any mix. */
import { describe, expect, test } from 'vitest';
import { changeFormats, summaryFormats } from '../harness/commands/formats.ts';
import { UserError } from '../harness/errors.ts';
import { oddRun } from '../harness/fixtures/odd-run.ts';
import { temporaryFolder } from '../harness/fixtures/temporary-folder.ts';
import { compareRuns } from '../harness/judge/change/compare.ts';
import { historyLine } from '../harness/judge/history/line.ts';
import { type Change, changeSchema } from '../harness/judge/schema/change.ts';
import { summarySchema } from '../harness/judge/schema/summary.ts';
import { summarise } from '../harness/judge/summary.ts';
import { tracesOf } from '../harness/judge/traces/traces.ts';
import { readRun } from '../harness/store/read-run.ts';
import { RunFile } from '../harness/store/run-file.ts';
import type { Run } from '../harness/store/schema.ts';
import { changeChart } from './change/chart.ts';
import { changePage } from './change/page.ts';
import { drawCharts } from './images/draw.ts';
import { DEFAULT_IMAGES } from './images/options.ts';
import { renderSvg } from './images/render.ts';
import { markdownReport } from './markdown.ts';
import { linkData } from './page/link.ts';
import { htmlReport, type ReportChart, reportChart } from './page/page.ts';
import { sideBySide } from './side-by-side/summary.ts';

const SEEDS = Number(process.env['ODD_RUNS'] ?? 8);
const FROM = Number(process.env['ODD_FROM'] ?? 0);
const seeds = Array.from({ length: SEEDS }, (_, seed) => FROM + seed);
const ASSETS = { style: '', script: '', policy: '' };
const LOOKS = [40, 100].map((width) => ({ colour: false, width, strict: true, detail: true }));
/** What a figure that is none looks like. */
const NO_FIGURE = /\b(?:NaN|undefined|Infinity)\b/;

describe.each(seeds)('run %i', (seed) => {
  const run = oddRun(seed);

  test('is written, and read as it was', () => {
    const file = RunFile.create(temporaryFolder(), run.manifest);
    const { additions, trials, faulted = [], end } = run;
    for (const line of [...additions, ...trials, ...faulted, ...(end === null ? [] : [end])]) file.append(line);
    file.close();
    expect(readRun(file.path, { salvage: false })).toEqual(run);
  });

  test('is judged, drawn and told', async () => {
    const summary = summarise(run);
    expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(JSON.parse(JSON.stringify(summary)));
    const report = { summary, traces: tracesOf(run) };
    const shown: ReportChart[] = [];
    for await (const chart of drawCharts(report, DEFAULT_IMAGES)) {
      if (chart.kind !== 'omitted') expect(chart.svg.match(NO_FIGURE), `${chart.name} of ${chart.scenario}`).toBeNull();
      shown.push(reportChart(chart));
    }
    htmlReport(report, shown, ASSETS, { kind: 'offered', data: linkData(report) });
    const texts = await Promise.all([
      ...LOOKS.map((look) => summaryFormats['text']?.({ summary, runs: [summary] }, look)),
      markdownReport(summary, shown),
    ]);
    for (const text of texts) expect(text?.match(NO_FIGURE)).toBeNull();
    historyLine(run, 'main');
  });

  test('is compared with another one, and shown beside it', async () => {
    const other = changedBy(run, seed);
    const how = {
      margin: 0.03,
      failAbove: null,
      pairing: 'apart',
      looks: 'once',
      control: 'auto',
      labels: { base: 'a', head: 'b' },
    } as const;
    const change = comparedOrRefused(run, other, how);
    if (change === null) return;
    expect(() => changeSchema.parse(JSON.parse(JSON.stringify(change)))).not.toThrow();
    for (const render of Object.values(changeFormats)) for (const look of LOOKS) await render(change, look);
    const drawing = changeChart(change);
    if (drawing.kind === 'spec') expect((await renderSvg(drawing.spec)).match(NO_FIGURE)).toBeNull();
    const sides = sideBySide([run, other].map((one, i) => ({ label: `${i}`, summary: summarise(one) })));
    changePage(
      {
        change,
        sides: sides.summary,
        chart: reportChart({ name: 'change', scenario: null, kind: 'omitted', reason: 'x' }),
        flameGraph: null,
      },
      ASSETS,
    );
    for await (const _ of drawCharts(sides, { ...DEFAULT_IMAGES, charts: ['overview', 'throughput'] }));
  });
});

/** The same plan, measured by others. */
function changedBy(run: Run, seed: number): Run {
  const other = oddRun(seed + 1000);
  const measured = other.trials.map(({ outcome }) => outcome);
  const trials = run.trials.map((trial, i) => ({ ...trial, outcome: measured[i % measured.length] ?? trial.outcome }));
  return { ...run, trials };
}

/** Null where there is nothing to compare, which is one line for the user. */
function comparedOrRefused(...sides: Parameters<typeof compareRuns>): Change | null {
  try {
    return compareRuns(...sides);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return null;
  }
}
