import { describe, expect, test } from 'vitest';
import { additionOf, cellOf, failedTrial, manifestOf, okTrial, rateCellOf } from '../../fixtures/run.ts';
import { randomStream } from '../../stats/random.ts';
import type { Trial } from '../../store/schema.ts';
import { type DueVisit, givenUp, remaining } from './remaining.ts';
import { schedule, type Visit, visitsOf } from './visits.ts';

const [single, cluster, pool] = [cellOf('single'), cellOf('cluster'), cellOf('fork-pool')];
const CELLS = [single, cluster, pool];
const RETRIES = 2;
/** Three rounds in the order of the cells. */
const visits: readonly Visit[] = [0, 1, 2].flatMap((round) => CELLS.map((cell) => ({ cell, round })));

const named = (due: readonly DueVisit[]): string[] =>
  due.map(({ cell, round, attempt }) => `${cell.model} ${round} ${attempt}`);
const due = (trials: readonly Trial[], retries = RETRIES): string[] => named(remaining(visits, trials, retries));

describe('what is due', () => {
  test('of a fresh run: everything, in order', () => {
    expect(due([])).toEqual(visits.map(({ cell, round }) => `${cell.model} ${round} 0`));
  });

  test('is what was not measured yet', () => {
    expect(due([okTrial(single, 0), okTrial(cluster, 0), okTrial(pool, 0), okTrial(cluster, 1)])).toEqual([
      'single 1 0',
      'fork-pool 1 0',
      'single 2 0',
      'cluster 2 0',
      'fork-pool 2 0',
    ]);
  });

  test('is nothing when all was measured', () => {
    expect(due(visits.map(({ cell, round }) => okTrial(cell, round)))).toEqual([]);
  });

  test('does not hang on the order in which trials were recorded', () => {
    const trials = [okTrial(cluster, 0), okTrial(single, 0), failedTrial(pool, 0)];
    expect(due(trials)).toEqual(due(trials.toReversed()));
  });
});

describe('a failed trial', () => {
  test('comes again after the others of its round, and before the next round', () => {
    expect(due([failedTrial(single, 0)]).slice(0, 4)).toEqual([
      'cluster 0 0',
      'fork-pool 0 0',
      'single 0 1',
      'single 1 0',
    ]);
  });

  test('that failed more often comes later', () => {
    const trials = [failedTrial(single, 0), failedTrial(cluster, 0), failedTrial(single, 0, 'timeout', 1)];
    expect(due(trials).slice(0, 3)).toEqual(['fork-pool 0 0', 'cluster 0 1', 'single 0 2']);
  });

  test('is settled by a valid one', () => {
    expect(due([failedTrial(single, 0), okTrial(single, 0)])).not.toContain(expect.stringMatching(/^single 0/));
  });

  test('of one round says nothing about another', () => {
    const trials = [0, 1, 2].flatMap((round) => [failedTrial(single, round), failedTrial(single, round, 'server', 1)]);
    expect(due(trials).filter((one) => one.startsWith('single'))).toEqual(['single 0 2', 'single 1 2', 'single 2 2']);
  });
});

describe('a cell that fails as often as it may', () => {
  const failures = [0, 1, 2].map((attempt) => failedTrial(single, 1, attempt === 2 ? 'server' : 'timeout', attempt));

  test('is given up with all its later rounds; the others go on', () => {
    const trials = [...CELLS.map((cell) => okTrial(cell, 0)), ...failures];
    expect(due(trials)).toEqual(['cluster 1 0', 'fork-pool 1 0', 'cluster 2 0', 'fork-pool 2 0']);
  });

  test('has the reason of its last failure', () => {
    expect(givenUp(single.id, failures, RETRIES)).toMatchObject({ kind: 'server' });
  });

  test.each([
    ['one more try is left', failures.slice(1)],
    ['a try was valid in the end', [...failures.slice(1), okTrial(single, 1)]],
    ['it was valid before', [okTrial(single, 1), ...failures]],
    ['the failures are those of another cell', failures.map((trial) => ({ ...trial, cell: cluster.id }))],
    ['they are spread over rounds', [...failures.slice(1), failedTrial(single, 2), failedTrial(single, 0)]],
    ['there are none', []],
  ])('is not given up when %s', (_, trials) => {
    expect(givenUp(single.id, trials, RETRIES)).toBeNull();
  });

  test('without retries is given up at its first failure', () => {
    const trials = [failedTrial(single, 0)];
    expect(givenUp(single.id, trials, 0)).toMatchObject({ kind: 'timeout' });
    expect(due(trials, 0).filter((one) => one.startsWith('single'))).toEqual([]);
    expect(due(trials, 0)).toHaveLength(6);
  });
});

describe('batches', () => {
  const [slow, fast] = [rateCellOf('single', 100), rateCellOf('cluster', 100)];
  /** The plan has one round; then come two batches, of which the second visits one cell of the first again. */
  const plan: readonly Visit[] = [
    ...CELLS.map((cell) => ({ cell, round: 0 })),
    ...[0, 1].flatMap((round) => [slow, fast].map((cell) => ({ cell, round, batch: 0 }))),
    { cell: slow, round: 2, batch: 1 },
  ];
  const planDone = CELLS.map((cell) => okTrial(cell, 0));
  const left = (trials: readonly Trial[]): string[] =>
    remaining(plan, trials, RETRIES).map(
      ({ cell, round, batch, attempt }) => `${batch ?? '-'} ${cell.id} ${round} ${attempt}`,
    );

  test('come one after the other, after all that was planned', () => {
    expect(left(planDone)).toEqual([
      '0 hello/single@100 0 0',
      '0 hello/cluster@100 0 0',
      '0 hello/single@100 1 0',
      '0 hello/cluster@100 1 0',
      '1 hello/single@100 2 0',
    ]);
  });

  test('wait for second tries of the plan, though its rounds are later', () => {
    const visits = [...plan, { cell: pool, round: 7 }];
    const [first] = remaining(visits, [...planDone, failedTrial(pool, 7)], RETRIES);
    expect(first).toMatchObject({ cell: pool, round: 7, attempt: 1 });
  });

  test('have second tries in their own round, and before the next batch', () => {
    expect(left([...planDone, failedTrial(slow, 0)]).slice(0, 3)).toEqual([
      '0 hello/cluster@100 0 0',
      '0 hello/single@100 0 1',
      '0 hello/single@100 1 0',
    ]);
    const later = [okTrial(slow, 0), okTrial(fast, 0), okTrial(slow, 1), failedTrial(fast, 1)];
    expect(left([...planDone, ...later])).toEqual(['0 hello/cluster@100 1 1', '1 hello/single@100 2 0']);
  });

  test('lose a cell that is given up, also in the batches to come, and only that one', () => {
    const failures = [0, 1, 2].map((attempt) => failedTrial(slow, 0, 'timeout', attempt));
    expect(left([...planDone, ...failures])).toEqual(['0 hello/cluster@100 0 0', '0 hello/cluster@100 1 0']);
  });

  test('a cell at one rate has nothing to do with that of capacity, or that at another rate', () => {
    const failures = [0, 1, 2].map((attempt) => failedTrial(single, 0, 'timeout', attempt));
    expect(left([okTrial(cluster, 0), okTrial(pool, 0), ...failures])).toHaveLength(5);
  });

  test('a round that two additions of a batch ask for is measured once', () => {
    const twice = visitsOf(manifestOf({ cells: [single], rounds: 1 }), [additionOf([slow]), additionOf([slow])]);
    expect(remaining(twice, [okTrial(single, 0), okTrial(slow, 0)], RETRIES)).toEqual([]);
  });
});

describe('a run whose trials fail at random', () => {
  const ROUNDS = 4;
  const RUNS = 60;

  /** What happens from `done` on, when each try fails or not as `fails` says. */
  function goOn(
    plan: readonly Visit[],
    done: readonly Trial[],
    retries: number,
    fails: (due: DueVisit) => boolean,
  ): Trial[] {
    const trials = [...done];
    for (let [next] = remaining(plan, trials, retries); next !== undefined; [next] = remaining(plan, trials, retries)) {
      const { cell, round, attempt } = next;
      trials.push(
        fails(next) ? failedTrial(cell, round, 'timeout', attempt) : okTrial(cell, round, undefined, attempt),
      );
      if (trials.length > 1000) throw new Error('this run does not end');
    }
    return trials;
  }

  const simulated = Array.from({ length: RUNS }, (_, seed) => {
    const random = randomStream(seed);
    const share = random();
    const retries = seed % 4;
    const plan = schedule(CELLS, ROUNDS, seed);
    const chances = new Map<string, boolean>();
    const fails = ({ cell, round, attempt }: DueVisit): boolean => {
      const key = `${cell.id} ${round} ${attempt}`;
      const known = chances.get(key) ?? random() < share;
      chances.set(key, known);
      return known;
    };
    return { plan, retries, fails, trials: goOn(plan, [], retries, fails) };
  });
  const facts = (trials: readonly Trial[]): string[] =>
    trials.map(({ cell, round, attempt, outcome }) => `${cell} ${round} ${attempt} ${outcome.status}`);

  test('has cells that are given up and cells that are not, or this shows nothing', () => {
    const lost = simulated.map(
      ({ trials, retries }) => CELLS.filter(({ id }) => givenUp(id, trials, retries) !== null).length,
    );
    expect(new Set(lost)).toEqual(new Set([0, 1, 2, 3]));
  });

  test('goes on from every point as if it had not been stopped there', () => {
    for (const { plan, retries, fails, trials } of simulated) {
      for (let length = 0; length <= trials.length; length++) {
        expect(facts(goOn(plan, trials.slice(0, length), retries, fails))).toEqual(facts(trials));
      }
    }
  });

  test('ends with every cell whole or given up, and with no try too many', () => {
    for (const { retries, trials } of simulated) {
      for (const { id } of CELLS) {
        const own = trials.filter(({ cell }) => cell === id);
        const valid = own.filter(({ outcome }) => outcome.status === 'ok').map(({ round }) => round);
        const failed = [0, 1, 2, 3].map(
          (round) => own.filter((one) => one.round === round && one.outcome.status === 'failed').length,
        );
        expect(new Set(valid).size).toBe(valid.length);
        expect(Math.max(...failed)).toBeLessThanOrEqual(retries + 1);
        if (givenUp(id, trials, retries) === null) expect(valid.toSorted()).toEqual([0, 1, 2, 3]);
        else expect([own.at(-1)?.attempt, own.at(-1)?.outcome.status]).toEqual([retries, 'failed']);
      }
    }
  });

  test('takes one round after the other, and within a round first tries before second ones', () => {
    for (const { trials } of simulated) {
      const order = trials.map(({ round, attempt }) => 100 * round + attempt);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });
});

test('a visit that others disturbed comes again at once: nothing is wrong with its cell', () => {
  const visits = schedule([single, cluster], 1, 1);
  const [first, second] = visits;
  if (first === undefined || second === undefined) throw new Error('there are two visits');
  const ids = (kind: 'disturbed' | 'timeout') =>
    remaining(visits, [failedTrial(first.cell, 0, kind)], 2).map(({ cell, attempt }) => [cell.id, attempt]);
  expect(ids('disturbed')).toEqual([
    [first.cell.id, 1],
    [second.cell.id, 0],
  ]);
  expect(ids('timeout')).toEqual([
    [second.cell.id, 0],
    [first.cell.id, 1],
  ]);
});
