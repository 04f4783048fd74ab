/** What is said of points along workers, connections and work per request, on servers whose figures follow from a seed. */
import { describe, expect, test } from 'vitest';
import { measurementOf, serverOf, workerOf } from '../../fixtures/measurement.ts';
import { cellOf, complete, manifestOf, okTrial, planOf } from '../../fixtures/run.ts';
import { normal } from '../../stats/fixtures/noise.ts';
import { randomStream } from '../../stats/random.ts';
import type { Cell, Manifest, Run } from '../../store/schema.ts';
import { stateOf } from '../next/settling.ts';
import { summarise } from '../summary.ts';

type Along = Manifest['series'][number]['along'];

/** A run over points in which each model serves what `of` says, but for a few thousandths. */
function runAlong(
  along: Along,
  values: readonly number[],
  models: readonly string[],
  of: (model: string, value: number) => number,
  { rounds = 5, spread = 0.004, seed = 3 } = {},
): Run {
  const noise = normal(randomStream(seed));
  const idOf = (value: number): string =>
    along.kind === 'parameter' ? `cpu:${along.name}=${value}` : `cpu:ms=2,${along.kind}=${value}`;
  const scenarios = values.map((value) =>
    planOf({
      id: idOf(value),
      name: 'cpu',
      parameters: { ms: along.kind === 'parameter' ? value : 2 },
      inWords:
        along.kind === 'parameter'
          ? `${value} ms of CPU per request`
          : `2 ms of CPU per request, ${value} ${along.kind}`,
    }),
  );
  const cells = values.flatMap((value) =>
    models.map((model) => {
      const changes = {
        scenario: idOf(value),
        ...(along.kind === 'workers' && model !== 'single' ? { workers: value } : {}),
        ...(along.kind === 'connections' ? { connections: value } : {}),
      };
      return { cell: cellOf(model, changes), model, value };
    }),
  );
  const server = serverOf({ workers: [workerOf(1000, 0.99)] });
  return {
    manifest: manifestOf({
      rounds,
      scenarios,
      cells: cells.map(({ cell }) => cell),
      series: [
        {
          along,
          of: along.kind === 'parameter' ? 'cpu' : '2 ms of CPU per request',
          points: values.map((value) => ({ scenario: idOf(value), value })),
        },
      ],
    }),
    additions: [],
    trials: Array.from({ length: rounds }, (_, round) =>
      cells.map(({ cell, model, value }) => {
        const requestsPerSec = of(model, value) * Math.exp(spread * noise());
        return okTrial(cell, round, measurementOf({ requestsPerSec, server }));
      }),
    ).flat(),
    end: complete,
  };
}

const onTwoCpus = (model: string, workers: number): number =>
  model === 'single' ? 450 : 450 * Math.min(2, workers) * (model === 'cluster' ? 1 : 0.9);

describe('workers', () => {
  const run = runAlong({ kind: 'workers' }, [1, 2, 4], ['single', 'cluster', 'worker-threads'], onTwoCpus);
  const [series] = summarise(run).series ?? [];

  test('the answer is over all models, with the fewest workers that are enough', () => {
    expect(series?.decision).toMatchObject({ take: 'cpu:ms=2,workers=2/cluster' });
    expect(series?.sentence).toMatch(/^Take cluster with 2 workers for 2 ms of CPU per request: /u);
  });

  test('of each model: how many are enough, and what more of them add at most', () => {
    expect(series?.sentence).toMatch(/cluster: 2 workers; 4 add at most \d\.?\d?%; 1 is at least 4\d% behind\./u);
    expect(series?.models.map(({ model, law }) => [model, law?.kind ?? null])).toEqual([
      ['single', null],
      ['cluster', 'few'],
      ['worker-threads', 'few'],
    ]);
  });
});

test('a command has workers of its own, so it is one deployment, and nothing is said of its workers', () => {
  const served = (model: string, n: number): number => (model === 'pm2' ? 900 : onTwoCpus(model, n));
  const run = runAlong({ kind: 'workers' }, [1, 2, 4], ['single', 'cluster', 'pm2'], served);
  const asCommand = (cell: Cell): Cell => (cell.model === 'pm2' ? { ...cell, style: 'external', workers: null } : cell);
  const [series] =
    summarise({
      ...run,
      manifest: { ...run.manifest, cells: run.manifest.cells.map(asCommand) },
    }).series ?? [];
  expect(series?.answer?.models.filter(({ cell }) => cell.endsWith('/pm2'))).toHaveLength(1);
  expect(series?.models.find(({ model }) => model === 'pm2')).toMatchObject({ standing: null, law: null });
});

test('break-even is against the single process on the same Node.js', () => {
  const models = ['single@20.1.0', 'cluster@20.1.0', 'single@24.1.0', 'cluster@24.1.0'];
  // On the newer one everything is twice as fast, and cluster is ahead from 1 ms on.
  const served = (model: string, ms: number): number =>
    (model.endsWith('@24.1.0') ? 2 : 1) * (model.startsWith('single') ? 1000 / ms : 1000 / (0.5 + ms / 2));
  const run = runAlong({ kind: 'parameter', name: 'ms' }, [0.1, 0.2, 0.5, 1, 2, 5, 10], models, served);
  const alone = (cell: Cell): Cell => (cell.model.startsWith('single') ? { ...cell, style: 'alone' } : cell);
  const [series] =
    summarise({ ...run, manifest: { ...run.manifest, cells: run.manifest.cells.map(alone) } }).series ?? [];
  expect(series?.models.map(({ model, breakEven }) => [model, breakEven?.kind ?? null])).toEqual([
    ['single@20.1.0', null],
    ['cluster@20.1.0', 'found'],
    ['single@24.1.0', null],
    ['cluster@24.1.0', 'found'],
  ]);
});

test('the law is fitted where there are four numbers of workers or more', () => {
  const law = (_: string, n: number): number => (450 * n) / (1 + 0.05 * (n - 1) + 0.01 * n * (n - 1));
  const run = runAlong({ kind: 'workers' }, [1, 2, 4, 8, 16], ['cluster', 'worker-threads'], law);
  const [series] = summarise(run).series ?? [];
  for (const one of series?.models ?? []) {
    expect(one.law).toMatchObject({ kind: 'fitted', upTo: 16 });
    if (one.law?.kind !== 'fitted') continue;
    expect(one.law.peak.low).toBeLessThan(Math.sqrt(95));
    expect(one.law.peak.high).toBeGreaterThan(Math.sqrt(95));
  }
  expect(series?.sentence).toContain('By the scalability law cluster has');
});

test('connections have no model to take, but what more of them add', () => {
  const served = (model: string, count: number): number => (model === 'single' ? 450 : 900) * Math.min(1, count / 16);
  const run = runAlong({ kind: 'connections' }, [4, 16, 64], ['single', 'cluster'], served);
  const [series] = summarise(run).series ?? [];
  expect(series).toMatchObject({ answer: null, decision: null });
  expect(series?.sentence).toMatch(/^single: 16 connections; 64 add at most .*% behind\. cluster: 16 connections/u);
});

test('break-even: the work per request from which on a pool serves more than a single process', () => {
  const served = (model: string, ms: number): number => {
    if (model === 'single') return 1000 / (0.03 + ms);
    return model === 'cluster' ? 1900 / (0.03 + ms) : Math.min(1000 / 0.3, 2000 / (0.33 + ms));
  };
  const values = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
  const run = runAlong({ kind: 'parameter', name: 'ms' }, values, ['single', 'cluster', 'worker-threads'], served);
  const [series] = summarise(run).series ?? [];
  const [single, cluster, threads] = series?.models ?? [];
  expect(single?.breakEven).toBeNull();
  expect(cluster?.breakEven).toEqual({ kind: 'ahead', from: 0.01, to: 10 });
  expect(threads?.breakEven).toMatchObject({ kind: 'found', from: 0.01, to: 10 });
  expect(series?.sentence).toMatch(
    /^cluster serves more than single from 0\.01 ms on, the least that could be compared\. worker-threads serves more than single from 0\.2\d ms on \(0\.2\d to 0\.\d+ ms\)\.$/u,
  );
});

test('a run that looks for it goes on beside it, and nowhere else', () => {
  const served = (model: string, ms: number): number =>
    model === 'single' ? 1000 / (0.03 + ms) : Math.min(1000 / 0.3, 2000 / (0.33 + ms));
  const values = [0.05, 0.1, 0.2, 0.5, 1];
  const run = runAlong({ kind: 'parameter', name: 'ms' }, values, ['single', 'worker-threads'], served, {
    ...{ rounds: 3, spread: 0.06 },
  });
  const manifest = { ...run.manifest, budgetMs: 600_000, breakEven: true };
  const open = manifest.scenarios.filter((plan) => stateOf({ ...run, manifest }, plan).kind === 'open');
  expect(open.map(({ id }) => id)).toEqual(['cpu:ms=0.2', 'cpu:ms=0.5']);
  expect(manifest.scenarios.map((plan) => stateOf({ ...run, manifest }, plan).kind)).not.toContain('hopeless');
});
