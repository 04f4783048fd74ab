import { describe, expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import {
  generatorOf,
  measurementOf,
  openMeasurementOf,
  repeated,
  serverOf,
  workerOf,
} from '../fixtures/measurement.ts';
import {
  additionOf,
  cellOf,
  complete,
  failedTrial,
  isolated,
  manifestOf,
  noRates,
  okTrial,
  planOf,
  rateCellOf,
} from '../fixtures/run.ts';
import { parseSlo } from '../plan/options/slo.ts';
import type { End, Run, Trial } from '../store/schema.ts';
import { exitCodeOf } from './exit-code.ts';
import { goOn, serversOf } from './fixtures/simulated-run.ts';
import { summarySchema } from './schema/summary.ts';
import { summarise } from './summary.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];
const cpu = cellOf('single', { scenario: 'cpu:ms=2' });
const run: Run = {
  manifest: manifestOf({
    scenarios: [planOf(), planOf({ id: 'cpu:ms=2', name: 'cpu', parameters: { ms: 2 } })],
    cells: [single, cluster, cpu],
  }),
  additions: [],
  trials: [okTrial(single, 0), failedTrial(cluster, 0), okTrial(cpu, 0), okTrial(cluster, 1)],
  end: complete,
};

test.each<[string, Run]>([
  ['a whole run', run],
  ['a run that was killed', { ...run, end: null }],
  ['a run without a trial', { ...run, trials: [] }],
  ['a run in which everything failed', { ...run, trials: [failedTrial(single, 0), failedTrial(cluster, 0)] }],
  ['a run with a cell given up', { ...run, trials: [0, 1, 2].map((n) => failedTrial(single, 0, 'server', n)) }],
  [
    'a run with a model that cannot run its scenario',
    {
      ...run,
      manifest: {
        ...run.manifest,
        cells: [single, { ...cluster, unable: { kind: 'server', message: 'not in a thread' } }, cpu],
      },
      trials: [okTrial(single, 0), okTrial(cpu, 0)],
    },
  ],
  ['a run with CPUs of their own for generators', { ...run, manifest: { ...run.manifest, placement: isolated } }],
])('%s: the summary is valid, also when read from JSON', (_, given) => {
  const summary = summarise(given);
  expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
});

test('the same run gives the same summary', () => {
  expect(summarise(structuredClone(run))).toEqual(summarise(run));
});

test('each scenario has the cells and trials that are its own', () => {
  const counted = summarise(run).scenarios.map(({ id, cells }) => [
    id,
    cells.map((cell) => [cell.id, cell.trialsOk, cell.trialsFailed]),
  ]);
  expect(counted).toEqual([
    [
      'hello',
      [
        ['hello/single', 1, 0],
        ['hello/cluster', 1, 1],
      ],
    ],
    ['cpu:ms=2', [['cpu:ms=2/single', 1, 0]]],
  ]);
});

test('every failed trial is listed with its reason', () => {
  expect(summarise(run).failures).toEqual([
    {
      cell: 'hello/cluster',
      round: 0,
      attempt: 0,
      reason: { kind: 'timeout', message: 'a request had no reply within 10 s' },
    },
  ]);
});

describe('a run is complete', () => {
  test.each<[string, boolean, Run['end']]>([
    ['when it ended so', true, complete],
    ['not when it was interrupted', false, { ...complete, reason: 'interrupted' }],
    ['not when it was stopped', false, { ...complete, reason: 'stopped' }],
    ['not when it was killed', false, null],
  ])('%s', (_, expected, end) => {
    expect(summarise({ ...run, end }).complete).toBe(expected);
  });
});

describe('a model that cannot run the scenario', () => {
  const unable = { kind: 'server', message: 'this addon cannot be loaded in a thread' } as const;
  const threads = cellOf('worker-threads', { unable });
  const manifest = manifestOf({ cells: [single, cluster, threads], rounds: 3 });
  const measured = (each: number) => [0, 1, 2].map((round) => measurementOf({ requestsPerSec: each + round }));
  const trials = [single, cluster].flatMap((cell, i) =>
    measured(1000 * (i + 1)).map((measurement, round) => okTrial(cell, round, measurement)),
  );
  const [scenario] = summarise({ manifest, additions: [], trials, end: complete }).scenarios;

  test('is its result, and the others are compared without it', () => {
    expect(scenario?.cells[2]).toMatchObject({ unable: true, givenUp: unable, result: null, trialsFailed: 0 });
    expect(scenario?.comparisons.filter(({ metric }) => metric === 'throughput')).toEqual([
      expect.objectContaining({ candidate: 'hello/cluster', baseline: 'hello/single', verdict: 'better' }),
    ]);
    expect(scenario?.sentence).toContain('worker-threads cannot run this: this addon cannot be loaded in a thread.');
  });

  test('widens no interval of the others', () => {
    const without = summarise({
      manifest: manifestOf({ cells: [single, cluster] }),
      additions: [],
      trials,
      end: complete,
    });
    expect(scenario?.comparisons).toEqual(without.scenarios[0]?.comparisons);
  });
});

test('what was served of each class stands beside what was asked, over the valid trials', () => {
  const requestClasses = [
    { name: 'light', weight: 9 },
    { name: 'heavy', weight: 1 },
  ];
  const mix = (light: number, heavy: number) =>
    measurementOf({
      mix: [
        { name: 'light', requests: light },
        { name: 'heavy', requests: heavy },
      ],
    });
  const given = {
    ...run,
    manifest: manifestOf({ scenarios: [planOf({ requestClasses })], cells: [single, cluster] }),
    trials: [okTrial(single, 0, mix(90, 10)), okTrial(single, 1, mix(92, 8)), failedTrial(single, 2)],
  };
  const [first, second] = summarise(given).scenarios[0]?.cells ?? [];
  expect(first?.mix).toEqual([
    { name: 'light', share: 0.91, asked: 0.9 },
    { name: 'heavy', share: 0.09, asked: 0.1 },
  ]);
  expect(second?.mix).toEqual([]);
});

test('a scenario whose cells alone were given CPUs apart is pinned', () => {
  const pinned = { ...single, placement: isolated };
  const pinnedOf = (changes: Parameters<typeof manifestOf>[0]) =>
    summarise({ ...run, manifest: manifestOf({ cells: [pinned], ...changes }), trials: [] }).scenarios[0]?.pinned;
  expect([pinnedOf({}), pinnedOf({ placement: isolated }), pinnedOf({ cells: [single] })]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a model that was not warm is named where its figure is', () => {
  const cold = okTrial(single, 1, measurementOf({ steady: false }));
  const [scenario] = summarise({ ...run, trials: [okTrial(single, 0), cold] }).scenarios;
  expect(scenario?.sentence).toContain('Too few trials were warm');
  expect(scenario?.cells[0]?.result?.trials.map(({ steady }) => steady)).toEqual([true, false]);
});

test('where and how the load was generated goes with the summary', () => {
  const { placement, environment } = summarise({ ...run, manifest: { ...run.manifest, placement: isolated } });
  expect({ placement, environment }).toEqual({ placement: isolated, environment: run.manifest.environment });
});

describe('steal', () => {
  const trial = (round: number, steal: number | null) =>
    okTrial(single, round, measurementOf({ machine: steal === null ? null : { cpus: 4, idle: 0.4, steal } }));

  test('is a median and the worst, over the trials that tell', () => {
    const trials = [trial(0, 0.01), trial(1, 0.09), trial(2, null), trial(3, 0.02), failedTrial(cluster, 0)];
    expect(summarise({ ...run, trials }).steal).toEqual({ median: 0.02, max: 0.09 });
  });

  test('is unknown where no trial tells', () => {
    expect(summarise({ ...run, trials: [trial(0, null)] }).steal).toBeNull();
  });
});

describe('comparisons', () => {
  const trials = [0, 1, 2].flatMap((round) => [
    okTrial(single, round),
    okTrial(cluster, round, measurementOf({ generators: generatorOf(990, 0.99) })),
    okTrial(cpu, round),
  ]);

  test('are within a scenario, with the hint for this machine', () => {
    const [hello, computing] = summarise({ ...run, trials }).scenarios;
    expect(hello?.comparisons).toEqual([
      expect.objectContaining({
        candidate: 'hello/cluster',
        baseline: 'hello/single',
        metric: 'throughput',
        verdict: 'invalid',
        hint: 'give --generators 2',
      }),
      ...['implied-capacity', 'cpu-per-request', 'start-up', 'peak-memory'].map((metric) =>
        expect.objectContaining({ candidate: 'hello/cluster', baseline: 'hello/single', metric }),
      ),
    ]);
    expect(computing?.comparisons).toEqual([]);
  });
});

describe('with rates, a sweep and a search', () => {
  const manifest = manifestOf({
    rounds: 2,
    cells: [single, cluster],
    scenarios: [planOf({ rates: [{ kind: 'share', share: 0.5 }] })],
    latency: { ...noRates, rounds: 3, sweep: true, slo: parseSlo('p99=100ms') },
  });
  const servers = serversOf({ seed: 1, capacityPerSec: { single: 300, cluster: 550 }, fails: () => 0.05 });
  const record = goOn(manifest, { additions: [], trials: [] }, servers);
  const whole: Run = { manifest, ...record, end: complete };

  test.each<[string, Run]>([
    ['a whole run', whole],
    ['a run that was killed in capacity', { ...whole, additions: [], trials: whole.trials.slice(0, 3), end: null }],
    ['a run that was killed at a rate', { ...whole, trials: whole.trials.slice(0, 12), end: null }],
    [
      'a run in which every rate failed',
      { ...whole, trials: whole.trials.map((one) => (one.cell.includes('@') ? failed(one) : one)) },
    ],
  ])('%s: the summary is valid, also when read from JSON', (_, given) => {
    const summary = summarise(given);
    expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
  });

  test('latency is that of its scenario', () => {
    const [scenario] = summarise(whole).scenarios;
    expect(scenario?.latency?.common).toMatchObject([{ share: 0.5, cells: [expect.any(String), expect.any(String)] }]);
    expect(scenario?.latency?.slo?.models.map(({ outcome }) => outcome.kind)).toEqual(['found', 'found']);
    expect(
      scenario?.cells.map(({ id }) => id),
      'those at a rate are not among those of capacity',
    ).toEqual(['hello/single', 'hello/cluster']);
  });

  test('without rates there is no latency', () => {
    expect(summarise(run).scenarios.map(({ latency }) => latency)).toEqual([null, null]);
  });
});

function failed(trial: Trial): Trial {
  return { ...trial, outcome: { status: 'failed', reason: { kind: 'timeout', message: '' } } };
}

describe('the result is to be trusted', () => {
  const manifest = manifestOf({
    cells: [single, cluster],
    scenarios: [planOf({ rates: [{ kind: 'number', requestsPerSec: 200 }] })],
  });
  const rated = [rateCellOf('single', 200), rateCellOf('cluster', 200)];
  const why = { kind: 'common', basis: null, cappedAt: null } as const;
  const capacity = [okTrial(single, 0), okTrial(cluster, 0)];
  const [one, two] = rated.map((cell) => okTrial(cell, 0, openMeasurementOf(repeated(200, 5))));
  if (one === undefined || two === undefined) throw new Error('no trials');
  const codeOf = (trials: readonly Trial[]): number =>
    exitCodeOf(summarise({ manifest, additions: [additionOf(rated, { why })], trials, end: complete }));

  test('when every cell of capacity and of every rate has a valid trial', () => {
    expect(codeOf([...capacity, one, two])).toBe(EXIT.fine);
  });

  test.each<[string, readonly Trial[]]>([
    ['a rate of one model', [...capacity, one]],
    ['a rate whose trials failed', [...capacity, one, failed(two)]],
    ['capacity', [okTrial(single, 0), one, two]],
    ['everything', []],
  ])('not without %s', (_, trials) => {
    expect(codeOf(trials)).toBe(EXIT.untrusted);
  });

  test('also where a point of a sweep was lost', () => {
    const additions = [additionOf(rated, { why }), additionOf([rateCellOf('single', 300)], { why: { kind: 'sweep' } })];
    const summary = summarise({ manifest, additions, trials: [...capacity, one, two], end: complete });
    expect(summary.scenarios[0]?.latency?.cells.some(({ result }) => result === null)).toBe(true);
    expect(exitCodeOf(summary)).toBe(EXIT.fine);
  });

  test.each([
    ['all', { kind: 'all', triedPerSec: 200, why: '' }, EXIT.fine],
    ['untold', { kind: 'untold', metPerSec: null, why: '' }, EXIT.untrusted],
  ] as const)('or not, when the outcome of a search is %s', (_, outcome, code) => {
    const trials = [...capacity, one, two];
    const summary = summarise({ manifest, additions: [additionOf(rated, { why })], trials, end: complete });
    const model = { cell: single.id, model: 'single', connectionMode: 'keep-alive', trials: 3, outcome } as const;
    const slo = { asked: parseSlo('p99=100ms'), sentence: '', models: [model] };
    const scenarios = summary.scenarios.map((scenario) =>
      scenario.latency === null ? scenario : { ...scenario, latency: { ...scenario.latency, slo } },
    );
    expect(exitCodeOf({ ...summary, scenarios })).toBe(code);
  });
});

test('the last look spends what is left of the error only where the budget ended the run, and not whoever watched it', () => {
  const busy = (requestsPerSec: number) =>
    measurementOf({ requestsPerSec, server: serverOf({ workers: [workerOf(1000, 0.99)] }) });
  const trials = [0.012, -0.012, 0].flatMap((away, round) => [
    okTrial(single, round, busy(1000)),
    okTrial(cluster, round, busy(1000 * Math.exp(away))),
  ]);
  const manifest = manifestOf({ cells: [single, cluster], budgetMs: 1000 });
  const decidedBy = (reason: End['reason']) =>
    summarise({ manifest, additions: [], trials, end: { ...complete, reason } }).scenarios[0]?.decision ?? null;
  expect(decidedBy('complete')).toMatchObject({ metric: 'throughput' });
  expect(decidedBy('interrupted')).toBeNull();
});
