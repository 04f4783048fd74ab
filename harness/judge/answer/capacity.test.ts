/** What is said of which verdicts. What limited whom, and when the answer would change, is in answer-change.test.ts. */
import { describe, expect, test } from 'vitest';
import { cellOfRounds, type Measured, verdictOn } from '../fixtures/contenders.ts';
import { compareCells } from '../models/comparison.ts';
import type { CellSummary, Comparison, LimitedBy } from '../schema/summary.ts';
import { answer } from './capacity.ts';

const fixed = { margin: 0.03, budgetMs: null, ownModels: [] };
const budgeted = { margin: 0.03, budgetMs: 60_000, ownModels: [] };

/** Five rounds at this rate, 50 MiB and 1 ms of CPU per request. */
const served = (model: string, rate: number, measured: Partial<Measured> = {}): CellSummary =>
  cellOfRounds(model, { rates: [rate, rate, rate, rate, rate], ...measured });
const failed = (model: string): CellSummary => cellOfRounds(model, null);
const givenUp = (model: string): CellSummary =>
  cellOfRounds(model, null, { givenUp: { kind: 'timeout', message: 'no reply' } });
const sentences = (text: string, count: number): string =>
  `${text.split('. ').slice(0, count).join('. ').replace(/\.$/, '')}.`;

const twice = verdictOn('throughput', ['cluster', 'single'], 'better', [1.98, 1.94, 2.02]);
const [single, cluster, pool, threads] = [
  served('single', 1000, { cpuMs: 10.1, mib: 58 }),
  served('cluster', 1980, { cpuMs: 10.2, mib: 89 }),
  served('fork-pool', 1970, { cpuMs: 10.4, mib: 120 }),
  served('worker-threads', 1960, { cpuMs: 10.3, mib: 95 }),
];

describe('a best that is told apart from all others', () => {
  test('is named first, with how much more it served, what it costs and what limited it', () => {
    expect(answer([single, cluster], [twice], fixed)).toBe(
      'cluster served the most, 1,980 requests per second: 1.98 times the rate of single (1.94 to 2.02). ' +
        'It takes 89 MiB and 10.2 ms of CPU per request, against 58 MiB and 10.1 ms of single. ' +
        'Both were limited by their workers. ' +
        'The lead over single needs more than one CPU: on a single CPU, where CPU time per request decides, the two could not be told apart.',
    );
  });

  test('is the same whichever side of the comparison is the baseline, and in whatever order cells come', () => {
    const turned = verdictOn('throughput', ['single', 'cluster'], 'worse', [1 / 1.98, 1 / 2.02, 1 / 1.94]);
    const expected = answer([single, cluster], [twice], fixed);
    expect(answer([single, cluster], [turned], fixed)).toBe(expected);
    expect(answer([cluster, single], [twice], fixed)).toBe(expected);
  });

  test('small differences are told in percent, and the next best first', () => {
    const comparisons = [
      twice,
      verdictOn('throughput', ['fork-pool', 'cluster'], 'worse', [1 / 1.12, 1 / 1.145, 1 / 1.092]),
      verdictOn('throughput', ['fork-pool', 'single'], 'better', [1.8, 1.7, 1.9]),
    ];
    const text = answer([single, served('fork-pool', 1750, { cpuMs: 12, mib: 120 }), cluster], comparisons, fixed);
    expect(sentences(text, 2)).toBe(
      'cluster served the most, 1,980 requests per second: 12% more than fork-pool (9.2% to 15%) and 1.98 times the rate of single (1.94 to 2.02). ' +
        'It takes 89 MiB and 10.2 ms of CPU per request, against 120 MiB and 12 ms of fork-pool and 58 MiB and 10.1 ms of single.',
    );
  });

  test('few requests and small costs keep their digits', () => {
    const cells = [
      served('single', 1.234, { cpuMs: 810, mib: 9.54 }),
      served('cluster', 2.468, { cpuMs: 1812.4, mib: 2048 }),
    ];
    const most = verdictOn('throughput', ['cluster', 'single'], 'better', [12.34, 11, 13.71]);
    expect(sentences(answer(cells, [most], fixed), 2)).toBe(
      'cluster served the most, 2.47 requests per second: 12.3 times the rate of single (11.0 to 13.7). ' +
        'It takes 2,048 MiB and 1,812 ms of CPU per request, against 9.5 MiB and 810 ms of single.',
    );
  });

  test('memory that was measured otherwise is not set against it', () => {
    const other = served('single', 1000, { cpuMs: 10.1, mib: 58, kind: 'rss' });
    expect(answer([other, cluster], [twice], fixed)).toContain(
      'It takes 89 MiB and 10.2 ms of CPU per request, against 10.1 ms of single.',
    );
  });
});

describe('of models that are equivalent', () => {
  const same = verdictOn('throughput', ['fork-pool', 'cluster'], 'equivalent', [0.995, 0.98, 1.01]);
  const cpu = (verdict: Comparison['verdict']) => verdictOn('cpu-per-request', ['fork-pool', 'cluster'], verdict);
  const memory = (verdict: Comparison['verdict']) => verdictOn('peak-memory', ['fork-pool', 'cluster'], verdict);

  test.each<[Comparison['verdict'], Comparison['verdict'], string]>([
    ['worse', 'worse', 'cluster takes less CPU time per request and less memory'],
    ['worse', 'equivalent', 'cluster takes less CPU time per request'],
    ['inconclusive', 'worse', 'cluster takes less memory'],
    ['better', 'better', 'fork-pool takes less CPU time per request and less memory'],
    ['equivalent', 'better', 'fork-pool takes less memory'],
    [
      'equivalent',
      'equivalent',
      'they cost the same, and cluster is the simpler (the same server several times, without a message)',
    ],
    [
      'inconclusive',
      'equivalent',
      'no difference in cost is confirmed, and cluster is the simpler (the same server several times, without a message)',
    ],
    [
      'better',
      'worse',
      'one saves CPU time and another memory, and cluster is the simpler (the same server several times, without a message)',
    ],
  ])('the cheaper is to be taken, or else the simpler: CPU %s, memory %s', (ofCpu, ofMemory, why) => {
    const [taken, other] = why.startsWith('fork') ? ['fork-pool', 'cluster'] : ['cluster', 'fork-pool'];
    expect(sentences(answer([cluster, pool], [same, cpu(ofCpu), memory(ofMemory)], fixed), 1)).toBe(
      `Take ${taken}: it and ${other} are equivalent within 3% at about 1,980 requests per second; ${why}.`,
    );
  });

  test('the margin is that of the run', () => {
    expect(answer([cluster, pool], [same], { margin: 0.025, budgetMs: null, ownModels: [] })).toContain(
      'equivalent within 2.5% at',
    );
  });

  test('the one to be taken is told with its own lead and cost', () => {
    const comparisons = [
      same,
      twice,
      memory('better'),
      verdictOn('throughput', ['fork-pool', 'single'], 'better', [1.97, 1.93, 2.01]),
    ];
    expect(sentences(answer([single, cluster, pool], comparisons, fixed), 3)).toBe(
      'Take fork-pool: it and cluster are equivalent within 3% at about 1,980 requests per second; fork-pool takes less memory. ' +
        'fork-pool served 1.97 times the rate of single (1.93 to 2.01). ' +
        'It takes 120 MiB and 10.4 ms of CPU per request, against 89 MiB and 10.2 ms of cluster and 58 MiB and 10.1 ms of single.',
    );
  });

  test('the lead is that of the best where the one to be taken cannot be told apart from those behind', () => {
    const near = served('worker-threads', 1900, { cpuMs: 10.3, mib: 95 });
    const comparisons = [
      same,
      memory('better'),
      verdictOn('throughput', ['worker-threads', 'cluster'], 'worse', [1 / 1.05, 1 / 1.06, 1 / 1.04]),
      verdictOn('throughput', ['worker-threads', 'fork-pool'], 'inconclusive', [0.96, 0.95, 0.98]),
    ];
    const text = answer([cluster, pool, near], comparisons, fixed);
    expect(text).toMatch(
      /^Take fork-pool: it and cluster are equivalent within 3% .+ takes less memory\. cluster served 5\.0% more than worker-threads \(4\.0% to 6\.0%\)\. fork-pool takes 120 MiB/,
    );
  });

  describe('three of them', () => {
    const others = [
      same,
      verdictOn('throughput', ['worker-threads', 'cluster'], 'equivalent', [0.99, 0.98, 1.01]),
      verdictOn('throughput', ['worker-threads', 'fork-pool'], 'equivalent', [1, 0.99, 1.01]),
    ];
    const cells = [cluster, pool, threads];
    const whyOf = (comparisons: readonly Comparison[]): string =>
      /requests per second; (.+?)\. /.exec(answer(cells, [...others, ...comparisons], fixed))?.[1] ?? '';

    test('are all named, with the one to be taken first', () => {
      const text = answer(
        cells,
        [
          ...others,
          verdictOn('peak-memory', ['worker-threads', 'cluster'], 'better'),
          memory('worse'),
          verdictOn('peak-memory', ['worker-threads', 'fork-pool'], 'better'),
        ],
        fixed,
      );
      expect(sentences(text, 1)).toBe(
        'Take worker-threads: it, cluster and fork-pool are equivalent within 3% at about 1,980 requests per second; worker-threads takes less memory.',
      );
    });

    test('one may be cheaper than each of the others in another way', () => {
      expect(whyOf([memory('worse'), verdictOn('cpu-per-request', ['worker-threads', 'cluster'], 'worse')])).toBe(
        'cluster costs the least',
      );
    });

    test('one that costs more is left out before the simpler is chosen', () => {
      expect(whyOf([verdictOn('cpu-per-request', ['cluster', 'fork-pool'], 'worse')])).toBe(
        'cluster costs more, no difference in cost is confirmed, and worker-threads is the simpler (one process, whose threads get requests as messages)',
      );
    });

    test('the simplest of three', () => {
      expect(whyOf([])).toBe(
        'no difference in cost is confirmed, and cluster is the simplest (the same server several times, without a message)',
      );
    });

    test('verdicts on cost that go in a circle choose nothing', () => {
      const circle = [
        verdictOn('peak-memory', ['cluster', 'fork-pool'], 'better'),
        verdictOn('peak-memory', ['fork-pool', 'worker-threads'], 'better'),
        verdictOn('peak-memory', ['worker-threads', 'cluster'], 'better'),
      ];
      expect(whyOf(circle)).toContain('cluster is the simplest');
    });
  });

  test('the simplest is single, and a model nobody has heard of comes last', () => {
    const cells = [served('own', 1010), served('single', 1000)];
    const level = verdictOn('throughput', ['own', 'single'], 'equivalent', [1, 0.99, 1.01]);
    expect(answer(cells, [level], fixed)).toMatch(
      /^Take single: it and own are .+; no difference in cost is confirmed, and single is the simpler \(one process and nothing around it\)\. /,
    );
  });

  test('between two ways of using connections no model is simpler', () => {
    const fresh = { ...served('own', 1000), id: 'cpu/own/per-request', connectionMode: 'per-request' } as const;
    const level = { ...verdictOn('throughput', ['own', 'own'], 'equivalent', [1, 0.99, 1.01]), candidate: fresh.id };
    expect(answer([served('own', 1010), fresh], [level], fixed)).toMatch(
      /^Take own: it and own with a connection per request are .+; no difference in cost is confirmed, and own is the simpler\. /,
    );
  });
});

describe('when the answer would change', () => {
  const front = served('fork-pool', 800, { by: 'front', frontMs: 1.2 });
  const behind = [twice, verdictOn('throughput', ['fork-pool', 'cluster'], 'worse', [0.4, 0.39, 0.41])];
  const lead = 'The lead over single needs more than one CPU:';
  const stays = 'fork-pool stays at that rate regardless of the number of workers,';

  test('is told in two sentences where there is nothing else to say', () => {
    const text = answer([single, cluster, front], behind, fixed);
    expect(text).toContain(
      'cluster and single were limited by their workers, fork-pool by its front end. The lead over single',
    );
    expect(text).toContain(lead);
    expect(text).toMatch(
      new RegExp(`${stays}[^.]+; the answer may change when a request takes more than about 2\\.4 ms`),
    );
  });

  test.each<[string, CellSummary]>([
    ['beside equivalent models', threads],
    ['beside models that are not ranked', served('worker-threads', 1960, { by: 'generator' })],
  ])('in one %s', (_, other) => {
    const level = verdictOn('throughput', ['worker-threads', 'cluster'], 'equivalent', [0.99, 0.98, 1.01]);
    const text = answer([single, cluster, front, other], [...behind, level], fixed);
    expect(text).toContain(lead);
    expect(text).not.toContain(stays);
  });
});

describe('where the best cannot be told apart', () => {
  test('those behind it may be told apart from each other, and that is said', () => {
    const open = (other: string) => verdictOn('throughput', ['cluster', other], 'inconclusive', [1.3, 0.7, 2.4]);
    const comparisons = [
      open('single'),
      open('fork-pool'),
      verdictOn('throughput', ['fork-pool', 'single'], 'better', [1.9, 1.7, 2.1]),
    ];
    const text = answer([single, cluster, pool], comparisons, fixed);
    expect(text).toMatch(
      /^cluster at 1,980 requests per second cannot be told apart from fork-pool and single at 1,970 and 1,000: .+ fork-pool served 1\.90 times the rate of single \(1\.70 to 2\.10\)\. /u,
    );
    expect(text).not.toMatch(/single cannot be told apart|and single apart/u);
  });

  const open = (changes: Partial<Comparison> = {}) =>
    verdictOn('throughput', ['fork-pool', 'cluster'], 'inconclusive', [0.995, 0.93, 1.06], {
      roundsToSettle: 12,
      ...changes,
    });
  const begin =
    'cluster and fork-pool cannot be told apart at 1,980 and 1,970 requests per second: ' +
    'cluster lies between 5.7% below and 7.5% above fork-pool, and the margin is 3%. ';

  test('nothing served the most, and so many rounds would settle it', () => {
    expect(answer([cluster, pool], [open()], fixed)).toBe(
      `${begin}Telling cluster and fork-pool apart would take about 12 rounds in total: give --rounds 12. ` +
        'cluster takes 89 MiB and 10.2 ms of CPU per request, against 120 MiB and 10.4 ms of fork-pool. ' +
        'Both were limited by their workers.',
    );
  });

  test('or a larger budget, where it was a budget that ended the run', () => {
    expect(answer([cluster, pool], [open()], budgeted)).toContain(
      `${begin}Telling cluster and fork-pool apart would take about 12 rounds in total: give a larger --budget. cluster takes`,
    );
  });

  test('or nothing: the reason is told', () => {
    const never = open({ roundsToSettle: null, reason: 'early and late rounds contradict each other' });
    expect(answer([cluster, pool], [never], fixed)).toContain(
      `${begin}Early and late rounds contradict each other. cluster takes`,
    );
  });

  test('those behind both are told behind the best, and more rounds are what would change the answer', () => {
    const behind = verdictOn('throughput', ['fork-pool', 'single'], 'better', [1.97, 1.93, 2.01]);
    expect(answer([single, cluster, pool], [open(), twice, behind], fixed)).toBe(
      `${begin}cluster served 1.98 times the rate of single (1.94 to 2.02). ` +
        'Telling cluster and fork-pool apart would take about 12 rounds in total: give --rounds 12. ' +
        'cluster takes 89 MiB and 10.2 ms of CPU per request, against 120 MiB and 10.4 ms of fork-pool and 58 MiB and 10.1 ms of single. ' +
        'All were limited by their workers.',
    );
  });

  test('the most rounds of several pairs count', () => {
    const other = verdictOn('throughput', ['worker-threads', 'cluster'], 'inconclusive', [0.96, 0.95, 0.99], {
      roundsToSettle: 27,
    });
    expect(answer([cluster, pool, threads], [open(), other], fixed)).toMatch(
      /^cluster, fork-pool and worker-threads cannot be told apart at 1,980, 1,970 and 1,960 requests per second: cluster lies between 5\.7% below and 7\.5% above fork-pool and between 1\.0% above and 5\.3% above worker-threads, and the margin is 3%\. Telling cluster, fork-pool and worker-threads apart would take about 27 rounds in total/,
    );
  });

  test('from one, although it is equivalent to another: nothing is to be taken yet', () => {
    const level = verdictOn('throughput', ['worker-threads', 'cluster'], 'equivalent', [0.99, 0.98, 1.01]);
    const cheaper = verdictOn('peak-memory', ['worker-threads', 'cluster'], 'better');
    expect(sentences(answer([cluster, pool, threads], [open(), level, cheaper], fixed), 3)).toBe(
      'cluster and worker-threads are equivalent within 3% at about 1,980 requests per second, but fork-pool cannot be told apart from cluster at 1,970: ' +
        'cluster lies between 5.7% below and 7.5% above fork-pool, and the margin is 3%. ' +
        'Telling cluster and fork-pool apart would take about 12 rounds in total: give --rounds 12. ' +
        'cluster takes 89 MiB and 10.2 ms of CPU per request, against 95 MiB and 10.3 ms of worker-threads and 120 MiB and 10.4 ms of fork-pool.',
    );
  });

  test('more than a hundred rounds are not asked for', () => {
    expect(answer([cluster, pool], [open({ roundsToSettle: 473 })], budgeted)).toContain(
      'apart would take about 473 rounds, more than so small a difference is worth. cluster takes',
    );
  });

  test('an interval that spans a factor of a hundred is not told', () => {
    const wide = verdictOn('throughput', ['fork-pool', 'cluster'], 'inconclusive', [0.98, 1e-11, 1e11], {
      roundsToSettle: 12,
    });
    expect(answer([cluster, pool], [wide], fixed)).toContain(
      'requests per second: their rounds vary too much to say more. Telling cluster and fork-pool apart',
    );
  });

  test('with too few rounds there is no ratio to tell', () => {
    const few = open({ ratio: null, roundsToSettle: 3 });
    expect(sentences(answer([cluster, pool], [few], fixed), 2)).toBe(
      'cluster and fork-pool cannot be told apart at 1,980 and 1,970 requests per second: they have too few rounds in common. ' +
        'It takes at least 3 rounds in which both are valid: give --rounds 3.',
    );
  });

  test('a higher figure does not make a winner of one that another is better than', () => {
    const cells = [served('cluster', 2000), served('fork-pool', 1900)];
    const better = verdictOn('throughput', ['fork-pool', 'cluster'], 'better', [1.1, 1.05, 1.15]);
    expect(answer(cells, [better], fixed)).toMatch(
      /^fork-pool served the most, 1,900 requests per second: 10% more than cluster \(5\.0% to 15%\)\. /,
    );
  });

  test('verdicts that go in a circle make no winner', () => {
    const circle = [
      verdictOn('throughput', ['cluster', 'fork-pool'], 'better', [1.1, 1.05, 1.15]),
      verdictOn('throughput', ['fork-pool', 'worker-threads'], 'better', [1.1, 1.05, 1.15]),
      verdictOn('throughput', ['worker-threads', 'cluster'], 'better', [1.1, 1.05, 1.15]),
    ];
    expect(answer([cluster, pool, threads], circle, fixed)).toBe(
      'No model comes first, because the comparisons contradict each other: ' +
        '1,980 (cluster), 1,970 (fork-pool) and 1,960 (worker-threads) requests per second. All were limited by their workers.',
    );
  });

  test('a pair that nobody compared is open', () => {
    expect(answer([cluster, pool], [], fixed)).toMatch(
      /cannot be told apart at .+: they have too few rounds in common\. The pair was not compared\./,
    );
  });
});

describe('what is never ranked', () => {
  test.each<[LimitedBy['by'], string]>([
    ['generator', 'the load generator was saturated before the server'],
    ['machine', 'server and load generator shared CPUs that were fully used'],
    ['connections', 'the number of connections was the limit, not the server'],
    ['upstream', 'the service behind the handler was the limit, not the server'],
    ['unclear', 'no bottleneck was found'],
  ])('a cell held back by: %s', (by, why) => {
    const cells = [single, served('fork-pool', 1500, { cpuMs: 10.4, mib: 120 }), served('cluster', 9000, { by })];
    const better = verdictOn('throughput', ['fork-pool', 'single'], 'better', [1.5, 1.45, 1.55]);
    expect(answer(cells, [better], fixed)).toBe(
      'Of the models that can be ranked, fork-pool served the most, 1,500 requests per second: 1.50 times the rate of single (1.45 to 1.55). ' +
        'It takes 120 MiB and 10.4 ms of CPU per request, against 58 MiB and 10.1 ms of single. ' +
        'Both were limited by their workers. ' +
        'The lead over single needs more than one CPU: on a single CPU, where CPU time per request decides, the two could not be told apart. ' +
        `cluster: not ranked, because ${why}. ` +
        'By CPU time per request alone, with the load generator elsewhere, these CPUs would serve about ' +
        '9,000 (cluster), 1,500 (fork-pool) and 1,000 (single) requests per second.',
    );
  });

  test('beside others that are equivalent, open, or contradict each other', () => {
    const held = served('single', 9000, { by: 'generator' });
    const pair = (verdict: Comparison['verdict']) => [
      verdictOn('throughput', ['fork-pool', 'cluster'], verdict, [1, 0.99, 1.01]),
    ];
    expect(answer([held, cluster, pool], pair('equivalent'), fixed)).toMatch(
      /^Of the models that can be ranked, take cluster: it and/,
    );
    expect(answer([held, cluster, pool], pair('inconclusive'), fixed)).toMatch(
      /^Of the models that can be ranked, cluster and fork-pool cannot be told apart/,
    );
    const circle = [
      ...pair('better'),
      verdictOn('throughput', ['cluster', 'worker-threads'], 'better'),
      verdictOn('throughput', ['worker-threads', 'fork-pool'], 'better'),
    ];
    expect(answer([held, cluster, pool, threads], circle, fixed)).toMatch(
      /^Of the models that can be ranked, no model comes first/,
    );
  });

  test('models held back by the same thing are named together, and others apart', () => {
    const cells = [
      served('single', 1, { by: 'generator' }),
      served('fork-pool', 2, { by: 'machine' }),
      served('cluster', 3, { by: 'generator' }),
    ];
    expect(answer(cells, [], fixed)).toMatch(
      /^single and cluster: not ranked, because the load generator .+ server\. fork-pool: not ranked, because server and/,
    );
  });

  describe('all of them', () => {
    const cells = (by: LimitedBy['by']) => [
      served('single', 1000, { by, cpuMs: 0.11, mib: 58 }),
      served('cluster', 1000, { by, cpuMs: 0.12, mib: 89 }),
    ];
    const less = verdictOn('peak-memory', ['cluster', 'single'], 'worse');
    const cheapest =
      'Under this load single costs the least, 58 MiB and 0.11 ms of CPU per request, against 89 MiB and 0.12 ms of cluster.';

    test.each<LimitedBy['by']>(['connections', 'upstream'])('by %s, so that the cheapest is what matters', (by) => {
      expect(answer(cells(by), [less], fixed)).toMatch(
        new RegExp(`^single and cluster: not ranked, .+ server\\. ${cheapest} By CPU time`),
      );
    });

    test.each<LimitedBy['by']>(['generator', 'machine', 'unclear'])(
      'by %s, which may have changed what each costs',
      (by) => {
        expect(answer(cells(by), [less], fixed)).not.toContain('costs the least');
      },
    );

    test('none is called the cheapest that is not told to be', () => {
      expect(answer(cells('connections'), [], fixed)).not.toContain('costs the least');
      const more = verdictOn('cpu-per-request', ['cluster', 'single'], 'better');
      expect(answer(cells('connections'), [less, more], fixed)).not.toContain('costs the least');
      expect(answer(cells('connections').slice(1), [], fixed)).not.toContain('costs the least');
    });
  });
});

describe('implied capacity', () => {
  const implied = (value: number) => [value, value, value, value, value];

  test('is told in two digits, the largest first, whatever was measured', () => {
    const cells = [
      served('single', 1000, { implied: implied(12_345) }),
      served('cluster', 1200, { implied: implied(9876), by: 'generator' }),
    ];
    expect(answer(cells, [], fixed)).toContain(
      'would serve about 12,000 (single) and 9,900 (cluster) requests per second.',
    );
  });

  test('is not told when every model can be ranked', () => {
    const front = served('cluster', 1980, { by: 'front' });
    expect(answer([single, front], [twice], fixed)).not.toContain('Going by');
  });
});

test('a model that is measured in both ways of using connections is told apart from itself', () => {
  const fresh = (one: CellSummary): CellSummary => ({
    ...one,
    id: `${one.id}/per-request`,
    connectionMode: 'per-request',
  });
  const other = fresh(served('cluster', 640));
  const more = { ...twice, candidate: cluster.id, baseline: other.id };
  expect(answer([cluster, other], [more], fixed)).toMatch(
    /^cluster served the most, 1,980 requests per second: 1\.98 times the rate of cluster with a connection per request \(1\.94 to 2\.02\)\. /,
  );
  expect(answer([cluster, fresh(failed('cluster'))], [], fixed)).toContain(
    'cluster with a connection per request had no valid trial.',
  );
  expect(answer([other], [], fixed)).toMatch(/^cluster served 640 requests per second\. /);
});

describe('one model, or none', () => {
  const alone =
    'single served 1,000 requests per second. It takes 58 MiB and 10.1 ms of CPU per request. It was limited by its worker.';

  test('one that was measured is not compared', () => {
    expect(answer([single], [], fixed)).toBe(alone);
  });

  test('a model without a valid trial is named', () => {
    expect(answer([single, failed('cluster'), failed('fork-pool')], [], fixed)).toBe(
      `${alone} cluster and fork-pool had no valid trial.`,
    );
  });

  test('one that was given up is told apart from one that was not measured', () => {
    expect(answer([single, givenUp('cluster'), failed('fork-pool')], [], fixed)).toBe(
      `${alone} cluster kept failing and was given up. fork-pool had no valid trial.`,
    );
  });

  test('nothing valid at all', () => {
    expect(answer([failed('single'), failed('cluster')], [], fixed)).toBe('No trial was valid, so there is no result.');
  });

  test('all given up: that no trial was valid may not be true', () => {
    expect(answer([givenUp('single'), givenUp('cluster')], [], fixed)).toBe(
      'single and cluster kept failing and were given up.',
    );
    expect(answer([givenUp('single'), failed('cluster')], [], fixed)).toBe(
      'single kept failing and was given up. cluster had no valid trial.',
    );
  });
});

test('from rounds to words: verdicts on pairs, and not figures that stand alone', () => {
  // Rounds differ by a third, and the two by 10% within each round.
  const rounds = [1000, 1300, 1100, 1250, 1050];
  const cells = [
    cellOfRounds('single', { rates: rounds, cpuMs: rounds.map((rate) => 1000 / rate) }),
    cellOfRounds('cluster', {
      rates: rounds.map((rate, i) => rate * (1.1 + (i % 2) / 1000)),
      cpuMs: rounds.map((rate) => 1300 / rate),
    }),
  ];
  const comparisons = compareCells(cells, () => null, { margin: 0.03, error: 0.05, looks: 'once' });
  expect(answer(cells, comparisons, fixed)).toBe(
    'cluster served the most, 1,248 requests per second: 10% more than single (10% to 10%). ' +
      'It takes 50 MiB and 1.15 ms of CPU per request, against 50 MiB and 0.882 ms of single. ' +
      'Both were limited by their workers. ' +
      'The lead over single needs more than one CPU: on a single CPU, where CPU time per request decides, single would be ahead.',
  );
});
