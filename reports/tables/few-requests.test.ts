/** Runs of few, slow requests have a table and a report like any other. */
import { describe, expect, test } from 'vitest';
import {
  histogramOf,
  measurementOf,
  openMeasurementOf,
  repeated,
  serverOf,
  workerOf,
} from '../../harness/fixtures/measurement.ts';
import {
  additionOf,
  cellOf,
  complete,
  manifestOf,
  noRates,
  okTrial,
  planOf,
  rateCellOf,
} from '../../harness/fixtures/run.ts';
import { summarySchema } from '../../harness/judge/schema/summary.ts';
import { summarise } from '../../harness/judge/summary.ts';
import { tracesOf } from '../../harness/judge/traces/traces.ts';
import type { Cell, Run, Trial } from '../../harness/store/schema.ts';
import { drawCharts } from '../images/draw.ts';
import { DEFAULT_IMAGES } from '../images/options.ts';
import { markdownReport } from '../markdown.ts';
import { tablesSection } from '../page/tables.ts';
import { textReport } from '../terminal/report.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];

interface Few {
  readonly requests: number;
  /** Requests that were sent and answered within the window. */
  readonly latencies: number;
  readonly rounds: number;
  readonly cpuMs: number;
}

function trialsOf(cell: Cell, { requests, latencies, rounds, cpuMs }: Few): Trial[] {
  return Array.from({ length: rounds }, (_, round) => {
    const server = serverOf({
      ...{ cpuMs, userMs: cpuMs, systemMs: 0, cpuMsPerRequest: cpuMs / requests },
      workers: [workerOf(requests, 0.01, { cpuMs })],
    });
    const histogram = histogramOf(Array.from({ length: latencies }, (_, i) => 1_000_000 + 1000 * (i + round)));
    const about = { windowMs: 2000, requests, requestsPerSec: requests / 2, longestGapMs: 1000, server };
    const timeline = { binMs: 100, completions: [...repeated(9, 0), requests], windowStartMs: 100 };
    return okTrial(cell, round, measurementOf({ ...about, latencyHistogram: histogram, timeline }));
  });
}

function rateTrialsOf(cell: Cell, due: number, rounds: number): Trial[] {
  return Array.from({ length: rounds }, (_, round) =>
    okTrial(cell, round, openMeasurementOf(repeated(due, 1000 + round))),
  );
}

const plan = planOf({
  limit: { kind: 'waiting', requestsPerSec: 2, connections: 2, waitingMs: 1000 },
  rates: [{ kind: 'number', requestsPerSec: 1 }],
});

function runOf(few: Few): Run {
  const cells = [single, cluster].map((cell) => ({ ...cell, connections: 2 }));
  const common = [rateCellOf('single', 1), rateCellOf('cluster', 1)];
  return {
    manifest: manifestOf({ cells, rounds: few.rounds, scenarios: [plan], latency: { ...noRates, sweep: true } }),
    additions: [
      additionOf(common, { why: { kind: 'common', basis: null, cappedAt: null } }),
      additionOf([rateCellOf('single', 2)], { batch: 0 }),
    ],
    trials: [
      ...cells.flatMap((cell, i) => trialsOf(cell, i === 0 ? few : { ...few, requests: 10, latencies: 10 })),
      ...[...common, rateCellOf('single', 2)].flatMap((cell) => rateTrialsOf(cell, few.requests, few.rounds)),
    ],
    end: complete,
  };
}

const alone = (run: Run): Run => ({
  ...run,
  manifest: { ...run.manifest, cells: run.manifest.cells.slice(0, 1) },
  additions: [],
  trials: run.trials.filter(({ cell }) => cell === single.id),
});

describe.each<[string, Few]>([
  ['one request, sent before the window', { requests: 1, latencies: 0, rounds: 1, cpuMs: 0 }],
  ['one request', { requests: 1, latencies: 1, rounds: 1, cpuMs: 1 }],
  ['two requests in each of three rounds', { requests: 2, latencies: 2, rounds: 3, cpuMs: 2 }],
  ['four requests', { requests: 4, latencies: 2, rounds: 1, cpuMs: 0 }],
  ['nine requests', { requests: 9, latencies: 9, rounds: 1, cpuMs: 9 }],
  ['ten requests, one less than that in flight', { requests: 10, latencies: 10, rounds: 2, cpuMs: 10 }],
])('%s', (_, few) => {
  test.each([
    ['beside another model and at rates', runOf(few)],
    ['alone', alone(runOf(few))],
  ])('%s', async (_, run) => {
    const summary = summarise(run);
    expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
    const [first] = summary.scenarios[0]?.cells ?? [];
    expect(first?.result?.requestsPerSec.point).toBeCloseTo(few.requests / 2);
    const reported = { summary, traces: tracesOf(run) };
    const reports = [textReport(summary, { colour: false }), markdownReport(summary), tablesSection(reported)];
    for (const report of reports) expect(report).not.toMatch(/NaN|Infinity|undefined|null/u);
    // What a chart shows of a model alone it shows beside another one; where nothing was timed it may have nothing at all.
    if (run.additions.length === 0 && few.latencies > 0) return;
    for await (const chart of drawCharts(reported, DEFAULT_IMAGES)) {
      if (chart.kind !== 'omitted') expect(`${chart.svg}${chart.alt}`).not.toMatch(/NaN|Infinity|undefined/u);
      else expect(chart.reason).not.toBe('');
    }
  });
});
