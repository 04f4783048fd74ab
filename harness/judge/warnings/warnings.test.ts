import { describe, expect, test } from 'vitest';
import { summary } from '../../../reports/fixtures/summary.ts';
import {
  generatorOf,
  measurementOf,
  openMeasurementOf,
  repeated,
  serverOf,
  workerOf,
} from '../../fixtures/measurement.ts';
import {
  additionOf,
  cellOf,
  complete,
  environment,
  failedTrial,
  isolated,
  manifestOf,
  okTrial,
  planOf,
  rateCellOf,
  shared,
} from '../../fixtures/run.ts';
import type { Cell, Manifest, Measurement, Trial } from '../../store/schema.ts';
import type { ScenarioSummary, Warning } from '../schema/summary.ts';
import { summarise } from '../summary.ts';
import { driftWarning } from './warnings.ts';

const single = cellOf('single');
const cluster = cellOf('cluster');
/** On a system that tells threads apart, so that nothing is to be warned of. */
const workers = [workerOf(1000, 0.99, { cpuMs: 970 })];

function warningsOf(changes: Partial<Manifest>, trials: readonly Trial[] = []): readonly Warning[] {
  return summarise({ manifest: manifestOf(changes), additions: [], trials, end: complete }).warnings;
}
const trialsOf = (cell: Cell, changes: Partial<Measurement>): Trial[] =>
  [0, 1, 2].map((round) => okTrial(cell, round, measurementOf({ server: serverOf({ workers }), ...changes })));

test('a run without trouble has no warnings', () => {
  expect(warningsOf({}, [...trialsOf(single, {}), ...trialsOf(cluster, {})])).toEqual([]);
});

test('a reply that is streamed is said to be buffered by the pools, where there are any', () => {
  const requestClasses = [
    { name: 'GET /events', weight: 1, isChunked: true },
    { name: 'GET /', weight: 1 },
  ];
  const scenarios = [planOf({ requestClasses })];
  const pool = cellOf('fork-pool', { style: 'offload' });
  const texts = (cells: readonly Cell[]) => warningsOf({ scenarios, cells: [...cells] }).map(({ message }) => message);
  expect(texts([single])).toEqual([]);
  expect(texts([single, pool])).toEqual([
    expect.stringMatching(/: replies to GET \/events are streamed, and are sent by fork-pool when they are complete$/),
  ]);
});

test('models with one worker on the CPU that load generation left are told of, of a service', () => {
  const source = { kind: 'service', file: null, requests: [], verify: 'learned', expect: [] } as const;
  const placement = { ...isolated, serverCpus: [0] };
  const cells = [cellOf('single', { placement }), cellOf('cluster', { workers: 1, placement })];
  const found = (changes: Partial<Manifest>) =>
    warningsOf({ cells, ...changes }).filter(({ code }) => code === 'one-worker');
  expect(found({ scenarios: [planOf({ source })] })[0]?.message).toMatch(/: cluster had 1 worker, on the CPU/);
  expect(found({})).toEqual([]);
  expect(found({ scenarios: [planOf({ source })], cells: [cellOf('cluster', { workers: 2, placement })] })).toEqual([]);
});

test('a server that ran already was started once', () => {
  const externals = [{ kind: 'address', name: 'mine', port: 3000 }] as const;
  expect(warningsOf({ externals }).map(({ code, message }) => [code, message])).toEqual([
    ['one-launch', expect.stringMatching(/^mine was started once for all trials/)],
  ]);
});

test('every warning has a next step', () => {
  const memory = { kind: 'rss', idleBytes: 1, peakBytes: 1, front: null } as const;
  const changes = { server: serverOf(), memory, steady: false };
  const found = warningsOf(
    {
      cells: [cellOf('cluster', { workers: 7 })],
      environment: { ...environment, loadBefore: 9, governor: 'powersave' },
      placement: { ...shared, kind: 'shared', why: 'few-cpus' },
    },
    [...trialsOf(cluster, { ...changes, machine: { cpus: 4, idle: 0, steal: 0.5 } }), failedTrial(cluster, 3)],
  );
  expect(found.map(({ code }) => code)).toEqual([
    ...['shared-cpus', 'governor', 'load', 'steal', 'memory-fallback', 'no-thread-times', 'oversubscribed'],
    ...['uneven-connections', 'failed-trials'],
  ]);
  expect(found.find(({ code }) => code === 'load')?.message).toMatch(
    /^the machine was not idle: load average 9\.0 on 4 CPUs before the run; .+ by the machine, .+; the warm-up timed out .+; other programs took/,
  );
  for (const { message, nextStep } of found) {
    expect(message).toMatch(/^[^\n]+$/);
    expect(nextStep).toMatch(/^[^\n]+$/);
  }
});

describe('more workers than CPUs', () => {
  const cells = [single, cellOf('cluster', { workers: 8 })];

  test('are named with the number that fits', () => {
    expect(warningsOf({ cells })).toEqual([
      {
        code: 'oversubscribed',
        message: '8 workers share 4 CPUs',
        nextStep: 'leave out --workers, or give --workers 4',
      },
    ]);
  });

  test('and why there are no more CPUs', () => {
    const availableCpus = { count: 2, capacity: 1.5, host: 4, decidedBy: 'quota' as const };
    const [warning] = warningsOf({ cells, environment: { ...environment, availableCpus } });
    expect(warning?.message).toBe('8 workers share 2 CPUs (by quota)');
  });

  test('as many are fine', () => {
    expect(warningsOf({ cells: [cellOf('cluster', { workers: 4 })] })).toEqual([]);
  });

  test('with CPUs reserved for generators, those that are left count', () => {
    const four = warningsOf({ cells: [cellOf('cluster', { workers: 4, connections: 64, placement: isolated })] });
    expect(four).toEqual([expect.objectContaining({ message: '4 workers share 3 CPUs' })]);
    const three = cellOf('cluster', { workers: 3, connections: 66, placement: isolated });
    expect(warningsOf({ cells: [three] })).toEqual([]);
  });
});

describe('connections that the workers cannot share evenly', () => {
  test('with a number that they can', () => {
    expect(warningsOf({ cells: [cellOf('cluster', { workers: 3, connections: 64 })] })).toEqual([
      {
        code: 'uneven-connections',
        message: '64 connections cannot be shared evenly by 3 workers, and cluster keeps each connection on one worker',
        nextStep: 'give --connections 66',
      },
    ]);
  });

  test('matter only to replicated models', () => {
    expect(warningsOf({ cells: [cellOf('fork-pool', { workers: 3, connections: 64 })] })).toEqual([]);
  });
});

describe('cells that are not ranked', () => {
  const busyGenerator: Partial<Measurement> = { generators: generatorOf(990, 0.99), server: serverOf() };
  const unclear: Partial<Measurement> = { server: serverOf({ workers: [workerOf(1000, 0.5, { cpuMs: 400 })] }) };
  const cells = [single, cluster, cellOf('fork-pool')];
  const [, , pool] = cells;

  test('say what held them back, with what to change', () => {
    const trials = trialsOf(cluster, busyGenerator).concat(trialsOf(single, {}));
    expect(warningsOf({}, trials).filter(({ code }) => code === 'not-ranked')).toEqual([
      {
        code: 'not-ranked',
        message:
          'hello: cluster was limited by the generator, not by the server: the generator was busy 99% of the time',
        nextStep: 'give --generators 2',
      },
    ]);
  });

  test('are named together when the same thing held them back', () => {
    const trials = [
      ...trialsOf(single, busyGenerator),
      ...trialsOf(cluster, unclear),
      ...(pool === undefined ? [] : trialsOf(pool, busyGenerator)),
    ];
    const found = warningsOf({ cells }, trials).filter(({ code }) => code === 'not-ranked');
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^hello: single and fork-pool were limited by the generator/),
      expect.stringMatching(/^hello: no bottleneck was found for cluster: workers were busy 50%/),
    ]);
  });
});

describe('a model in both ways of using connections', () => {
  const fresh = cellOf('single', { id: 'hello/single/per-request', connectionMode: 'per-request' });
  const name = 'single with a connection per request';
  const messageOf = (code: string, changes: Partial<Manifest>, trials: readonly Trial[]) =>
    warningsOf({ cells: [single, fresh], ...changes }, trials).find((one) => one.code === code)?.message;

  test('is named with the way that is not ranked', () => {
    const held = trialsOf(fresh, { generators: generatorOf(990, 0.99), server: serverOf() });
    const message = messageOf('not-ranked', {}, [...trialsOf(single, {}), ...held]);
    expect(message).toMatch(new RegExp(`^hello: ${name} was limited by the generator`));
  });

  test('is named with the way that is above the limit', () => {
    const limit = { kind: 'cpu' as const, requestsPerSec: 1000, cpus: 1, kernelCpuMs: 1 };
    const trials = [...trialsOf(single, {}), ...trialsOf(fresh, { requestsPerSec: 1100 })];
    expect(messageOf('over-limit', { scenarios: [planOf({ limit })] }, trials)).toMatch(
      new RegExp(`^hello: ${name} above the physical limit`),
    );
  });
});

describe('rates that all models were offered', () => {
  const rated = rateCellOf('single', 200);
  const swept = rateCellOf('single', 300);
  const scenarios = [planOf({ rates: [{ kind: 'number', requestsPerSec: 200 }] })];
  const additions = [
    additionOf([rated], { why: { kind: 'common', basis: null, cappedAt: null } }),
    additionOf([swept], { why: { kind: 'sweep' } }),
  ];
  const found = (trials: readonly Trial[]) =>
    summarise({ manifest: manifestOf({ cells: [single], scenarios }), additions, trials, end: complete }).warnings;
  const lost = (cell: Cell): Trial[] => [0, 1, 2].map((attempt) => failedTrial(cell, 0, 'timeout', attempt));

  test('have the warnings of capacity when they fail, and those of a sweep have none', () => {
    const warnings = found([...trialsOf(single, {}), ...lost(rated), ...lost(swept)]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'hello/single@200 kept failing and was given up: a request had no reply within 10 s',
      '3 trials failed and are not in the figures: hello/single@200',
    ]);
  });

  const left = { backlog: { start: 0, end: 150 } };
  const codesOf = (measurement: Measurement) =>
    found([...trialsOf(single, {}), okTrial(rated, 0, measurement)]).map(({ code }) => code);

  test('say that the server did not keep up where that was the server, or nobody knows', () => {
    const busy = serverOf({ workers: [workerOf(800, 0.99, { cpuMs: 970 })] });
    expect(codesOf(openMeasurementOf(repeated(1000, 5), left, { server: busy }))).toContain('behind');
    expect(codesOf(openMeasurementOf(repeated(1000, 5), left))).toContain('behind');
  });

  test('and not where the generator was at its end', () => {
    const codes = codesOf(openMeasurementOf(repeated(1000, 5), left, { generators: generatorOf(990, 0.99) }));
    expect(codes).toContain('late-generator');
    expect(codes).not.toContain('behind');
  });
});

describe('a cell that was given up', () => {
  const failures = [0, 1, 2].map((attempt) => failedTrial(cluster, 2, 'timeout', attempt));
  const warning = (trials: readonly Trial[]) => warningsOf({}, trials).find(({ code }) => code === 'given-up')?.message;

  test('says why', () => {
    expect(warning([...trialsOf(single, {}), ...failures])).toBe(
      'hello/cluster kept failing and was given up: a request had no reply within 10 s',
    );
  });

  test.each([
    [1, '; its 1 valid trial is not shown as a result'],
    [2, '; its 2 valid trials are not shown as a result'],
  ])('and what becomes of its %d valid trials', (count, text) => {
    expect(warning([...trialsOf(cluster, {}).slice(0, count), ...failures])).toMatch(new RegExp(`${text}$`));
  });

  test('is none while it may be tried again', () => {
    expect(warning(failures.slice(1))).toBeUndefined();
  });
});

test('figures above the physical limit are doubted, those just at it are not', () => {
  const limit = { kind: 'cpu' as const, requestsPerSec: 1000, cpus: 1, kernelCpuMs: 1 };
  const scenarios = [planOf({ limit })];
  const at = (requestsPerSec: number) => warningsOf({ scenarios }, trialsOf(single, { requestsPerSec }));
  expect(at(1020)).toEqual([]);
  expect(at(1100)).toEqual([
    expect.objectContaining({
      code: 'over-limit',
      message: 'hello: single above the physical limit, so the machine was slower during the calibration',
    }),
  ]);
});

test('trials that others disturbed are told apart from those that failed', () => {
  const again = failedTrial(cluster, 3, 'disturbed');
  const message =
    'other programs took more than 5% of the CPUs: 1 trial was measured again, 1 trial was kept as it is (hello/cluster)';
  const kept = okTrial(
    cluster,
    3,
    measurementOf({ server: serverOf({ workers }), machine: { cpus: 4, idle: 0.5, steal: 0 } }),
    1,
  );
  expect(warningsOf({}, [...trialsOf(single, {}), ...trialsOf(cluster, {}), again, kept])).toEqual([
    expect.objectContaining({ code: 'disturbed', message }),
  ]);
});

test('a model that cannot run the scenario is named with the reason', () => {
  const unable = { kind: 'server', message: 'this addon cannot be loaded in a thread' } as const;
  const cells = [single, cellOf('worker-threads', { unable })];
  expect(warningsOf({ cells }, trialsOf(single, {}))).toEqual([
    expect.objectContaining({
      code: 'unable',
      message: 'worker-threads cannot run hello: this addon cannot be loaded in a thread',
      nextStep: 'the others were measured without it; fourways serve worker-threads hello shows the error again',
    }),
  ]);
});

test('of a service, the file is what shows the error again; a command is tried by hand', () => {
  const unable = { kind: 'server', message: 'port 9090 is taken' } as const;
  const file = { path: './server.js', sha256: '' };
  const scenarios = [planOf({ source: { kind: 'service', file, requests: [], verify: 'learned', expect: [] } })];
  const own = [{ name: 'mine', path: './mine.js', sha256: '', effort: null }];
  const nextSteps = (cells: readonly Cell[], trials: readonly Trial[] = []) =>
    warningsOf({ scenarios, ownModels: own, cells: [single, ...cells] }, [...trialsOf(single, {}), ...trials]).map(
      ({ nextStep }) => nextStep,
    );
  expect(nextSteps([cellOf('mine', { unable })])).toEqual([
    'the others were measured without it; fourways serve ./mine.js --app ./server.js shows the error again',
  ]);
  const pm2 = cellOf('pm2', { style: 'external', workers: null });
  const failed = [0, 1, 2].map((attempt) => failedTrial(pm2, 2, 'timeout', attempt));
  expect(nextSteps([pm2], failed)).toContain('try it by hand; --retries says how often a failed trial is tried again');
});

test('one unsteady trial is enough to say so', () => {
  const [first, ...rest] = trialsOf(single, {});
  const unsteady = okTrial(single, 3, measurementOf({ server: serverOf({ workers }), steady: false }));
  expect(warningsOf({}, [...(first === undefined ? [] : [first]), unsteady, ...rest])).toEqual([
    expect.objectContaining({
      code: 'unsteady',
      message: 'the warm-up timed out before code was warm and throughput was steady: hello/single',
    }),
  ]);
});

test.each([
  [1, '1 trial failed and is not in the figures: hello/cluster'],
  [2, '2 trials failed and are not in the figures: hello/cluster'],
])('%d failed', (count, message) => {
  const failed = Array.from({ length: count }, (_, round) => failedTrial(cluster, round));
  expect(warningsOf({}, [...trialsOf(single, {}), ...failed])).toEqual([
    expect.objectContaining({ code: 'failed-trials', message }),
  ]);
});

const [, cpu] = summary.scenarios;

/** As if a model had been measured on for a while, on a machine that serves so many times what it served before. */
function later(model: string, factor: number): ScenarioSummary {
  if (cpu === undefined) throw new Error('the fixture has no such scenario');
  const cells = cpu.cells.map((cell) => {
    if (cell.model !== model || cell.result === null) return cell;
    const { requestsPerSec } = cell.result;
    return {
      ...cell,
      result: { ...cell.result, requestsPerSec: { ...requestsPerSec, point: requestsPerSec.point * factor } },
    };
  });
  return { ...cpu, cells };
}

test('figures that agree with the ratios, but for the margin, are not worth a word', () => {
  expect(driftWarning(later('cluster', 1), 0.03)).toEqual([]);
  expect(driftWarning(later('cluster', 1.02), 0.03)).toEqual([]);
});

test('where figures and ratios part, the pairs are named', () => {
  const [warning, ...more] = driftWarning(later('single', 0.9), 0.03);
  expect(more).toEqual([]);
  expect(warning).toMatchObject({ code: 'drift', nextStep: expect.stringContaining('--rounds') });
  expect(warning?.message).toMatch(
    /^cpu:ms=10: machine speed drifted .+: cluster ÷ single is 2\.\d\d by their figures and 1\.9\d by common rounds, fork-pool ÷ single/,
  );
  expect(warning?.message).not.toContain('fork-pool ÷ cluster');
});

test('of a point of a series, the scenario and its workers are what is served again', () => {
  const point = 'cpu:ms=2,workers=4';
  const cell = cellOf('cluster', { scenario: point, workers: 4 });
  const along = { along: { kind: 'workers' as const }, of: 'cpu', points: [{ scenario: point, value: 4 }] };
  const failed = [0, 1, 2].map((attempt) => failedTrial(cell, 2, 'timeout', attempt));
  const told = warningsOf({ scenarios: [planOf({ id: point, name: 'cpu' })], series: [along], cells: [cell] }, failed);
  expect(told.map(({ nextStep }) => nextStep).join()).toContain('try fourways serve cluster cpu:ms=2 -w 4;');
});
