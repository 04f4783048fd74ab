import { describe, expect, test } from 'vitest';
import {
  additionOf,
  cellOf,
  failedTrial,
  manifestOf,
  okTrial,
  planOf,
  rateCellOf,
  shared,
} from '../../fixtures/run.ts';
import { outlook } from './outlook.ts';
import { remaining } from './remaining.ts';
import { schedule, type Visit, visitsOf, yardstickRounds } from './visits.ts';
import { YARDSTICK, yardstickCell } from './yardstick.ts';

const cells = ['single', 'cluster', 'fork-pool', 'worker-threads'].map((model) => cellOf(model));
const ROUNDS = 20;
const orders = (seed: number): string[] => {
  const visits = schedule(cells, ROUNDS, seed);
  return Array.from({ length: ROUNDS }, (_, round) =>
    visits
      .filter((visit) => visit.round === round)
      .map(({ cell }) => cell.model)
      .join(' '),
  );
};

test('each round visits every cell once, and ends before the next begins', () => {
  const visits = schedule(cells, ROUNDS, 1);
  expect(visits.map(({ round }) => round)).toEqual(
    Array.from({ length: ROUNDS }, (_, round) => cells.map(() => round)).flat(),
  );
  for (const order of orders(1)) {
    expect(order.split(' ').toSorted()).toEqual(cells.map(({ model }) => model).toSorted());
  }
});

test('a cell that cannot run is never visited, and the others keep their order', () => {
  const unable = { kind: 'server', message: 'not in a thread' } as const;
  const threads = { ...cellOf('worker-threads'), unable };
  expect(schedule([...cells.slice(0, 3), threads], 3, 1)).toEqual(schedule(cells.slice(0, 3), 3, 1));
  const added = additionOf([cells[0] ?? threads, { ...rateCellOf('worker-threads', 100), unable }]);
  const visits = visitsOf(manifestOf({ cells: [threads] }), [added]);
  expect(visits.map(({ cell }) => cell.id)).toEqual(['hello/single']);
});

test('the same seed gives the same order', () => {
  expect(orders(42)).toEqual(orders(42));
});

test('another seed gives another order', () => {
  expect(orders(1)).not.toEqual(orders(2));
});

test('the order differs from round to round', () => {
  expect(new Set(orders(1)).size).toBeGreaterThan(ROUNDS / 3);
});

test('the models of a scenario lie next to each other, and scenarios change places', () => {
  const all = ['hello', 'cpu', 'io'].flatMap((scenario) => cells.map(({ model }) => cellOf(model, { scenario })));
  const visits = schedule(all, ROUNDS, 1);
  const rounds = Array.from({ length: ROUNDS }, (_, round) =>
    visits.filter((visit) => visit.round === round).map(({ cell }) => cell.scenario),
  );
  for (const scenarios of rounds) {
    const starts = scenarios.filter((scenario, i) => scenario !== scenarios[i - 1]);
    expect(starts.toSorted()).toEqual(['cpu', 'hello', 'io']);
  }
  expect(new Set(rounds.map((scenarios) => scenarios.join(' '))).size).toBeGreaterThan(2);
});

test('no cell is favoured: over many seeds each comes first about as often', () => {
  const SEEDS = 500;
  const firsts = new Map<string, number>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const first = schedule(cells, 1, seed)[0]?.cell.model ?? '';
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
  }
  const expected = SEEDS / cells.length;
  const chiSquare = cells.reduce((sum, { model }) => sum + ((firsts.get(model) ?? 0) - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(16.27); // 3 degrees of freedom, p = 0.001
});

describe('with what was added', () => {
  const manifest = manifestOf({ cells, rounds: 2, seed: 5 });
  const at = (rate: number) => cells.map(({ model }) => rateCellOf(model, rate));
  const named = (visits: readonly Visit[]): string[] =>
    visits.map(({ cell, round, batch }) => `${batch ?? '-'} ${round} ${cell.id}`);

  test('nothing: the plan as it is, outside of any batch', () => {
    expect(visitsOf(manifest, [])).toEqual(schedule(cells, 2, 5));
    expect(visitsOf(manifest, []).every((visit) => !('batch' in visit))).toBe(true);
  });

  test('what was added comes after all of the plan, and does not change its order', () => {
    const visits = visitsOf(manifest, [additionOf(at(100), { rounds: [0, 1] })]);
    expect(visits.slice(0, 8)).toEqual(schedule(cells, 2, 5));
    expect(visits).toHaveLength(16);
    expect(visits.slice(8).every(({ batch }) => batch === 0)).toBe(true);
  });

  test('batches come in the order of their numbers, however they were recorded', () => {
    const [first, second] = [additionOf(at(100), { batch: 3 }), additionOf(at(200), { batch: 10 })];
    const visits = visitsOf(manifest, [second, first]);
    expect(visits.map(({ batch }) => batch ?? '-').join(' ')).toBe('- - - - - - - - 3 3 3 3 10 10 10 10');
    expect(visits).toEqual(visitsOf(manifest, [first, second]));
  });

  test('additions of one batch are measured together: each round has the cells of all of them', () => {
    const many = [100, 200, 300].map((rate) => additionOf(at(rate), { rounds: [0, 1, 2] }));
    const added = visitsOf(manifest, many).slice(8);
    expect(added.map(({ round }) => round)).toEqual(
      [0, 1, 2].flatMap((round) => Array.from({ length: 12 }, () => round)),
    );
    const rates = (round: number): string[] =>
      added.filter((visit) => visit.round === round).map(({ cell }) => cell.id.replace(/.*@/, ''));
    for (const round of [0, 1, 2]) {
      expect(rates(round).toSorted()).toEqual([100, 200, 300].flatMap((rate) => cells.map(() => String(rate))));
      expect(rates(round), 'not one addition after the other').not.toEqual(rates(round).toSorted());
    }
    expect(new Set([0, 1, 2].map((round) => rates(round).join(' '))).size).toBeGreaterThan(1);
  });

  test('additions of one batch may have rounds of their own', () => {
    const [one] = at(100);
    const [, two] = at(200);
    if (one === undefined || two === undefined) throw new Error('no cells');
    const visits = visitsOf(manifest, [additionOf([one], { rounds: [2] }), additionOf([two], { rounds: [0, 1] })]);
    expect(named(visits).slice(8)).toEqual(['0 0 hello/cluster@200', '0 1 hello/cluster@200', '0 2 hello/single@100']);
  });

  test('what is added later changes nothing of what was there', () => {
    const early = [additionOf(at(100), { batch: 0, rounds: [0, 1] })];
    const late = [...early, additionOf(at(200), { batch: 1 })];
    expect(visitsOf(manifest, late).slice(0, 16)).toEqual(visitsOf(manifest, early));
  });

  test('the order follows from the seed and the batch', () => {
    const order = (seed: number, batch: number): string[] =>
      visitsOf({ ...manifest, seed }, [additionOf(at(100), { batch, rounds: [0, 1, 2, 3] })])
        .slice(8)
        .map(({ cell }) => cell.id);
    expect(order(5, 0)).toEqual(order(5, 0));
    expect(order(5, 0)).not.toEqual(order(6, 0));
    expect(order(5, 0)).not.toEqual(order(5, 1));
  });

  test('an addition may have no cells at all', () => {
    expect(visitsOf(manifest, [additionOf([])])).toEqual(schedule(cells, 2, 5));
  });
});

describe('the yardstick', () => {
  const yardstick = { cell: yardstickCell(shared), plan: planOf({ id: YARDSTICK }) };
  const manifest = manifestOf({ cells, rounds: ROUNDS, seed: 5, yardstick });
  const rated = ['single', 'cluster'].map((model) => rateCellOf(model, 100));
  const additions = [
    additionOf(cells, { batch: 0, why: { kind: 'unsettled' }, rounds: [ROUNDS, ROUNDS + 1] }),
    additionOf(rated, { batch: 1, why: { kind: 'common', basis: null, cappedAt: null }, rounds: [0, 1, 2] }),
    additionOf([rateCellOf('single', 50)], { batch: 2, why: { kind: 'slo' }, rounds: [0] }),
  ];
  const visits = visitsOf(manifest, additions);
  const own = visits.filter(({ cell }) => cell.id === YARDSTICK);

  test('is visited once in each round of each batch but those of a search, and counts through all of them', () => {
    expect(own.map(({ round }) => round)).toEqual(Array.from({ length: ROUNDS + 2 + 3 }, (_, i) => i));
    expect(own.slice(ROUNDS).map(({ batch, besideRound }) => [batch, besideRound])).toEqual([
      ...[
        [0, ROUNDS],
        [0, ROUNDS + 1],
      ],
      ...[
        [1, 0],
        [1, 1],
        [1, 2],
      ],
    ]);
  });

  test('comes at a random place of its round, and leaves the others where they were', () => {
    const places = new Set(
      Array.from({ length: ROUNDS }, (_, round) =>
        visits
          .filter((visit) => (visit.besideRound ?? visit.round) === round && visit.batch === undefined)
          .findIndex(({ cell }) => cell.id === YARDSTICK),
      ),
    );
    expect(places).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(visits.filter(({ cell }) => cell.id !== YARDSTICK)).toEqual(
      visitsOf({ ...manifest, yardstick: null }, additions),
    );
  });

  test('is known beside each cell', () => {
    const beside = yardstickRounds(manifest, additions);
    expect([beside('hello/single', 0), beside('hello/single', ROUNDS + 1), beside('hello/single@100', 0)]).toEqual([
      0,
      ROUNDS + 1,
      ROUNDS + 2,
    ]);
    expect([beside('hello/single@50', 0), beside('hello/single', 99)]).toEqual([null, null]);
  });

  test('that failed is measured again after the others of its round', () => {
    const [first] = own.slice(ROUNDS + 2);
    if (first === undefined) throw new Error('no visit of the yardstick');
    const before = visits.filter((visit) => visit.batch === undefined || visit.batch === 0);
    const done = before.map(({ cell, round }) => okTrial(cell, round));
    const due = remaining(visits, [...done, failedTrial(first.cell, first.round)], 2);
    expect(due.slice(0, 3).map(({ cell, attempt }) => [cell.id === YARDSTICK, attempt])).toEqual([
      [false, 0],
      [false, 0],
      [true, 1],
    ]);
  });

  test('is not counted in what is left', () => {
    expect(outlook(manifest, [], visitsOf(manifest, []), [])).toEqual(
      outlook(manifest, [], visitsOf({ ...manifest, yardstick: null }, []), []),
    );
  });
});
