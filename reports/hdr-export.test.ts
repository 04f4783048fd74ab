import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { UserError } from '../harness/errors.ts';
import { histogramOf, measurementOf } from '../harness/fixtures/measurement.ts';
import { additionOf, cellOf, complete, failedTrial, manifestOf, okTrial } from '../harness/fixtures/run.ts';
import { temporaryFolder } from '../harness/fixtures/temporary-folder.ts';
import { randomStream } from '../harness/stats/random.ts';
import type { Cell, Measurement, Run, Trial } from '../harness/store/schema.ts';
import { writeHdr } from './hdr-export.ts';

type Open = NonNullable<Measurement['open']>;

const capacity = cellOf('cluster', { id: 'cpu:ms=10/cluster' });
const rate = cellOf('cluster', {
  id: 'cpu:ms=10/cluster@100/s',
  load: {
    kind: 'rate',
    requestsPerSec: 100,
    arrivals: 'poisson',
    measureMs: 1000,
    mostConnections: 500,
    countErrors: false,
  },
});

function runOf(trials: readonly Trial[], cells: readonly Cell[] = [capacity], added: readonly Cell[] = [rate]): Run {
  const additions = [
    {
      type: 'addition' as const,
      batch: 0,
      scenario: 'hello',
      why: { kind: 'common' as const, basis: null, cappedAt: null },
      cells: added,
      rounds: [0],
    },
  ];
  return { manifest: manifestOf({ cells }), additions, trials, end: complete };
}

function openOf(changes: Partial<Open> = {}): Measurement {
  const open: Open = {
    windowOffsetMs: 0,
    due: 3,
    serviceHistogram: histogramOf([1000, 2000, 3000]),
    sendDelayHistogram: histogramOf([10, 20, 30]),
    classes: [{ name: 'hello', due: 3, latencyHistogram: histogramOf([4000, 5000, 6000]), unfinished: 0 }],
    unfinished: 0,
    timeoutMs: 10_000,
    errors: 0,
    backlog: { start: 0, end: 0 },
    connections: { most: 3, waited: 0 },
    ...changes,
  };
  return measurementOf({ latencyHistogram: histogramOf([4000, 5000, 6000]), open });
}

/** As the plotter of HdrHistogram reads it (GoogleChartsExample/plotFiles.html): rows of four columns, but for comments. */
function rowsOf(text: string) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(/[ ]+/))
    .filter((columns) => columns.length === 4)
    .map(([value, percentile, count, inverse]) => ({
      ms: Number(value),
      percentile: Number(percentile),
      count,
      inverse,
    }))
    .filter(({ ms }) => !Number.isNaN(ms));
}

function readOnly(paths: readonly string[]): string {
  const [path = ''] = paths;
  expect(paths).toHaveLength(1);
  return readFileSync(path, 'utf8');
}

describe('a file', () => {
  const random = randomStream(4);
  const trials = [800, 3000].map((count) =>
    Array.from({ length: count }, () => Math.round(100 * 10 ** (3 * random()))),
  );
  const run = runOf(
    trials.map((us, round) => okTrial(capacity, round, measurementOf({ latencyHistogram: histogramOf(us) }))),
  );
  const merged = decodeFromCompressedBase64(histogramOf(trials.flat()));

  test('has the percentiles of all trials together, in milliseconds', async () => {
    const rows = rowsOf(readOnly(writeHdr(run, temporaryFolder())));
    expect(rows.length).toBeGreaterThan(40);
    for (const { ms, percentile } of rows.slice(1)) {
      expect(ms, `p${100 * percentile}`).toBeCloseTo(merged.getValueAtPercentile(100 * percentile) / 1000, 9);
    }
    expect(rows.find(({ percentile }) => percentile === 0.5)?.ms).toBe(merged.getValueAtPercentile(50) / 1000);
  });

  test('counts up to all requests, and its last row is that of the longest', async () => {
    const rows = rowsOf(readOnly(writeHdr(run, temporaryFolder())));
    const counts = rows.map(({ count }) => Number(count));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(rows.at(-1)).toEqual({
      ms: merged.getValueAtPercentile(100) / 1000,
      percentile: 1,
      count: '3800',
      inverse: 'inf',
    });
    for (const { percentile, inverse } of rows.slice(0, -1)) {
      expect(Number(inverse)).toBeCloseTo(1 / (1 - percentile), 2);
    }
  });

  test('has the head and the foot that plotters know', async () => {
    const lines = readOnly(writeHdr(run, temporaryFolder())).split('\n');
    expect(lines[0]).toBe('       Value     Percentile TotalCount 1/(1-Percentile)');
    expect(lines.at(-4)).toMatch(/^#\[Mean {4}= +[\d.]+, StdDeviation {3}= +[\d.]+\]$/);
    expect(lines.at(-3)).toMatch(/^#\[Max {5}= +[\d.]+, Total count {4}= +3800\]$/);
    expect(lines.at(-2)).toMatch(/^#\[Buckets = +\d+, SubBuckets {5}= +2048\]$/);
    expect(lines.at(-1)).toBe('');
  });

  test('of a single request has two rows', async () => {
    const one = okTrial(capacity, 0, measurementOf({ latencyHistogram: histogramOf([1500]) }));
    const rows = rowsOf(readOnly(writeHdr(runOf([one]), temporaryFolder())));
    expect(rows.map(({ ms, percentile }) => [ms, percentile])).toContainEqual([1.5, 1]);
  });
});

describe('files', () => {
  test('of an open loop: latency, service and send delay, from cells that were added', async () => {
    const folder = temporaryFolder();
    const paths = writeHdr(runOf([okTrial(rate, 0, openOf()), okTrial(rate, 1, openOf())]), folder);
    const names = ['', '-service', '-send-delay'].map((part) => `cpu-ms-10-cluster-100-s${part}.hgrm`);
    expect(paths).toEqual(names.map((name) => join(folder, 'hdr', name)));
    const lasts = paths.map((path) => rowsOf(readFileSync(path, 'utf8')).at(-1));
    expect(lasts.map((row) => row?.count)).toEqual(['6', '6', '6']);
    expect(lasts.map((row) => Math.round((row?.ms ?? 0) * 100) / 100)).toEqual([6, 3, 0.03]);
  });

  test('one more for each class where there are several, unless it has no request', async () => {
    const classOf = (name: string, us: readonly number[]) => {
      return { name, due: us.length, latencyHistogram: histogramOf(us), unfinished: 0 };
    };
    const classes = [classOf('light', [100]), classOf('Heavy/GET', [200]), classOf('rare', [])];
    const paths = writeHdr(runOf([okTrial(rate, 0, openOf({ classes }))]), temporaryFolder());
    expect(paths.slice(3).map((path) => basename(path))).toEqual([
      'cpu-ms-10-cluster-100-s-class-light.hgrm',
      'cpu-ms-10-cluster-100-s-class-heavy-get.hgrm',
    ]);
  });

  test('none of a cell without a valid trial, and no folder when there is none at all', async () => {
    const folder = temporaryFolder();
    expect(writeHdr(runOf([failedTrial(capacity, 0)]), folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('are written once for a rate that a search asked for several times', async () => {
    const run = runOf([okTrial(rate, 0, openOf()), okTrial(rate, 1, openOf())], [capacity], [rate, rate]);
    const paths = writeHdr({ ...run, additions: [...run.additions, ...run.additions] }, temporaryFolder());
    const names = ['', '-service', '-send-delay'].map((part) => `cpu-ms-10-cluster-100-s${part}.hgrm`);
    expect(paths.map((path) => basename(path))).toEqual(names);
  });

  test('never share a name, and stay in their folder', async () => {
    const folder = temporaryFolder();
    const ids = ['../../a', 'a', 'A', 'a-service', 'a/service'];
    const cells = ids.map((id) => ({ ...rate, id }));
    const trials = cells.map((cell) => okTrial(cell, 0, openOf()));
    const paths = writeHdr(runOf(trials, cells, []), folder);
    expect(new Set(paths).size).toBe(15);
    expect(readdirSync(join(folder, 'hdr')).toSorted()).toEqual(paths.map((path) => basename(path)).toSorted());
  });
});

test('a folder that cannot be written is named', async () => {
  const file = join(temporaryFolder(), 'notes');
  writeFileSync(file, 'mine');
  const write = () => writeHdr(runOf([okTrial(capacity, 0)]), file);
  expect(write).toThrow(UserError);
  expect(write).toThrow(`${join(file, 'hdr')} cannot be written (ENOTDIR)`);
});

test('a cell that was measured again has one file, of all its rounds', async () => {
  const cell = cellOf('single');
  const manifest = manifestOf({ cells: [cell], rounds: 1 });
  const additions = [additionOf([cell], { why: { kind: 'unsettled' }, rounds: [1] })];
  const trials = [0, 1].map((round) => okTrial(cell, round));
  const paths = writeHdr({ manifest, additions, trials, end: complete }, temporaryFolder());
  expect(paths).toHaveLength(1);
  // Each trial has a hundred latencies.
  expect(readFileSync(paths[0] ?? '', 'utf8')).toMatch(/Total count += +200\]/);
});
