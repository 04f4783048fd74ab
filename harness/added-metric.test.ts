/** A metric that every server already reports, added in two files: where it is recorded, and the list of metrics. */
import { afterAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { measurementOf } from './fixtures/measurement.ts';
import { cellOf, complete, manifestOf, okTrial } from './fixtures/run.ts';
import { around, asked } from './judge/fixtures/two-runs.ts';
import { estimateSchema, metric } from './judge/metrics/metric.ts';
import { estimateOf } from './stats/estimate.ts';
import { mean } from './stats/spread.ts';
import type { Run, Trial } from './store/schema.ts';
import type { ServerReading } from './store/server-schema.ts';

const recorded = { connectionsPerWorker: z.number().min(0) };
const read = ({ server }: { readonly server: object }): number => z.object(recorded).parse(server).connectionsPerWorker;

const connectionsPerWorker = metric({
  schema: estimateSchema,
  over: (trials) => estimateOf(trials.map(read)),
  atRates: true,
  columns: [{ table: 'costs', head: ['connections', 'per worker'], format: 'figure', of: ({ point }) => point }],
  notes: { costs: 'connections per worker: open when the window ended.' },
  judged: {
    name: 'connections-per-worker',
    title: 'connections per worker',
    short: 'connections',
    good: 'less',
    words: { verb: 'keeps', less: 'fewer', more: 'more', what: 'connections per worker' },
    models: true,
    runs: 'capacity',
    margin: 0,
    weight: 1,
    figure: { kind: 'trial', key: 'connectionsPerWorker', unit: 'ratio', read },
    withWork: 'apart',
    machine: 'apart',
    required: ['connections'],
  },
});

// Everything that follows from the two files is loaded again, with what they then hold.
vi.resetModules();
vi.doMock('./store/server-schema.ts', async (original) => {
  const actual = await original<typeof import('./store/server-schema.ts')>();
  const perWorker = ({ inside }: ServerReading): number =>
    mean((inside?.workers ?? []).map((worker) => worker.connections));
  const serverBetween: typeof actual.serverBetween = (before, after, facts) => {
    const server = actual.serverBetween(before, after, facts);
    return server === null ? null : { ...server, connectionsPerWorker: perWorker(after) };
  };
  return { ...actual, serverSchema: actual.serverSchema.extend(recorded), serverBetween };
});
vi.doMock('./judge/metrics/index.ts', async (original) => {
  const actual = await original<typeof import('./judge/metrics/index.ts')>();
  return { ...actual, METRICS: { ...actual.METRICS, connectionsPerWorker } };
});
const { changeText } = await import('../reports/change/text.ts');
const { markdownReport } = await import('../reports/markdown.ts');
const { tablesSection } = await import('../reports/page/tables.ts');
const { textReport } = await import('../reports/terminal/report.ts');
const { compareRuns } = await import('./judge/change/compare.ts');
const { withRequirements } = await import('./judge/requirements/judge.ts');
const { jsonSchemas } = await import('./judge/schema/json-schema.ts');
const { summarySchema } = await import('./judge/schema/summary.ts');
const { summarise } = await import('./judge/summary.ts');
const { lineSchema } = await import('./store/schema.ts');
const { serverBetween } = await import('./store/server-schema.ts');

afterAll(() => {
  vi.doUnmock('./store/server-schema.ts');
  vi.doUnmock('./judge/metrics/index.ts');
  vi.resetModules();
});

const ROUNDS = 8;

/** What a trial records of a server with so many open connections. */
function serverWith(connections: number) {
  const loop = { threadCpuUs: null, queuedUs: null, threadId: null, gcMs: 0, loopDelayP99Ms: 1, waitingMs: 0 };
  const at = (ms: number, requests: number): ServerReading => ({
    processes: [{ pid: 1, role: 'both', atMs: ms, userUs: ms * 900, systemUs: 0, switches: null, rssBytes: 1 }],
    inside: {
      front: null,
      workers: [{ ...loop, id: 0, activeMs: ms * 0.99, idleMs: ms * 0.01, requests, connections }],
      lostWorkers: 0,
    },
  });
  const server = serverBetween(at(0, 0), at(1000, 1000), {
    windowMs: 1000,
    requests: 1000,
    threads: null,
    poolSize: 4,
  });
  if (server === null) throw new Error('nothing was answered');
  return server;
}

/** Through the schema of a run file, which drops what it does not know. */
function stored(trial: Trial): Trial {
  const line = lineSchema.parse(JSON.parse(JSON.stringify(trial)));
  if (line.type !== 'trial') throw new Error('it is no trial');
  return line;
}

/** `cluster` with so many connections per worker, `single` with 64. */
function runWith(connections: number): Run {
  const perModel = { single: around(64), cluster: around(connections, 2) };
  const trials = Object.entries(perModel).flatMap(([model, perRound]) =>
    perRound.map((open, round) => stored(okTrial(cellOf(model), round, measurementOf({ server: serverWith(open) })))),
  );
  return { manifest: manifestOf({ rounds: ROUNDS }), additions: [], trials, end: complete };
}

const run = runWith(32);
const summary = summarise(run);

test('it is in the schemas of the run file, of the summary and of a comparison', () => {
  const all = jsonSchemas();
  const [runFile, change, whole] = ['run-line', 'between', 'summary'].map((name) =>
    JSON.stringify(all[`${name}.schema.json`]),
  );
  expect(runFile).toContain('"connectionsPerWorker":{"type":"number"');
  expect(change).toContain('"connections-per-worker"');
  expect(whole).toContain('"connectionsPerWorker"');
  expect(whole).toContain('"connections-per-worker"');
});

test('it is in the summary, with an interval and by trial', () => {
  const result = summarySchema.parse(JSON.parse(JSON.stringify(summary))).scenarios[0]?.cells[1]?.result;
  expect(result).toMatchObject({ connectionsPerWorker: { point: expect.closeTo(32, 0), low: expect.any(Number) } });
  expect(result?.trials).toHaveLength(ROUNDS);
  for (const trial of result?.trials ?? []) expect(trial).toHaveProperty('connectionsPerWorker');
});

test('it has a column and a note, on the page and in markdown', () => {
  expect(tablesSection({ summary })).toMatch(/<th[^>]*>connections<br>per worker<\/th>/);
  expect(markdownReport(summary)).toMatch(/\| connections per worker \|/);
  expect(markdownReport(summary)).toContain('connections per worker: open when the window ended.');
});

test('models are compared by it, in every report', () => {
  const metric = expect.stringMatching(/^connections-per-worker$/);
  expect(summary.scenarios[0]?.comparisons).toContainEqual(expect.objectContaining({ metric, verdict: 'better' }));
  expect(textReport(summary, { colour: false, detail: true })).toMatch(/connections per$/m);
  expect(tablesSection({ summary })).toMatch(/>−5\d% to −49%</);
});

test('runs are compared by it', () => {
  const change = compareRuns(run, runWith(48), { ...asked, control: ['hello/single'] });
  const cluster = change.cells.find(({ id }) => id === 'hello/cluster');
  const metric = expect.stringMatching(/^connections-per-worker$/);
  expect(cluster?.comparisons).toContainEqual(expect.objectContaining({ metric, verdict: 'worse' }));
  expect(change.line).toMatch(/^✗ worse: hello \+5\d\.\d% .* connections against the control$/);
  expect(changeText(change, { colour: false, width: 100 })).toMatch(/^✗ connections per worker .*\+5/m);
});

test('it may be required', () => {
  const judged = withRequirements(summary, run, ['hello/cluster connections<40']).requirements;
  expect(judged).toMatchObject([
    { cell: 'hello/cluster', unit: 'ratio', verdict: 'met', point: expect.closeTo(32, 0) },
  ]);
});
