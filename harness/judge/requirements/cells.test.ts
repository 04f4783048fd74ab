import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { cellOf, manifestOf, noRates, planOf } from '../../fixtures/run.ts';
import type { Manifest } from '../../store/schema.ts';
import { cellsMatching, checkRequirements } from './cells.ts';
import { parseRequirements } from './text.ts';

const cpu = (ms: number) => planOf({ id: `cpu:ms=${ms}`, name: 'cpu', requestClasses: [{ name: 'work', weight: 1 }] });
const mixed = planOf({
  id: 'mixed:ms=5',
  name: 'mixed',
  requestClasses: [
    { name: 'light', weight: 1 },
    { name: 'heavy', weight: 1 },
  ],
  rates: [
    { kind: 'share', share: 0.07 },
    { kind: 'share', share: 0.5 },
  ],
});
const fixed = planOf({ id: 'fixed', name: 'fixed', rates: [{ kind: 'number', requestsPerSec: 100 }] });
const plans = [cpu(2), cpu(10), mixed, fixed];

const manifest: Manifest = manifestOf({
  scenarios: plans,
  cells: plans.flatMap(({ id }) => [
    ...['single', 'cluster'].map((model) => cellOf(model, { scenario: id })),
    cellOf('cluster', { scenario: id, id: `${id}/cluster/per-request`, connectionMode: 'per-request' }),
  ]),
});

const matching = (text: string, planned = manifest): string[] =>
  parseRequirements([text]).flatMap((one) => cellsMatching(one, planned).map(({ cell }) => cell.id));
const check = (text: string, planned = manifest): void => checkRequirements(parseRequirements([text]), planned);

describe('cells are named by their id, or by scenario and model; * stands for anything', () => {
  test.each([
    ['cpu:ms=10/cluster p99<1s', ['cpu:ms=10/cluster']],
    ['cpu/cluster p99<1s', ['cpu:ms=2/cluster', 'cpu:ms=10/cluster']],
    ['cpu/cluster/per-request p99<1s', ['cpu:ms=2/cluster/per-request', 'cpu:ms=10/cluster/per-request']],
    ['cpu:ms=10/* p99<1s', ['cpu:ms=10/single', 'cpu:ms=10/cluster', 'cpu:ms=10/cluster/per-request']],
    ['*/single p99<1s', ['cpu:ms=2/single', 'cpu:ms=10/single', 'mixed:ms=5/single', 'fixed/single']],
    ['*:ms=2/single p99<1s', ['cpu:ms=2/single']],
    ['**/single p99<1s', ['cpu:ms=2/single', 'cpu:ms=10/single', 'mixed:ms=5/single', 'fixed/single']],
    ['fixed/cluster vs single>1', ['fixed/cluster']],
    // Not against itself, and not with another use of connections.
    ['fixed/* vs single>1', ['fixed/cluster']],
    ['*/single@50% p99<1s', ['mixed:ms=5/single', 'fixed/single']],
    ['*/single@50% light.p99<1s', ['mixed:ms=5/single']],
  ])('%s', (text, ids) => {
    expect(matching(text)).toEqual(ids);
    expect(() => check(text)).not.toThrow();
  });

  test.each(['cpu.*', 'cpu:ms=.0/cluster', '(cpu|fixed)/cluster', 'fixed', 'ixed/cluster', 'fixed/cluste'])(
    '%s is taken by the letter, and as a whole',
    (pattern) => {
      expect(matching(`${pattern} p99<1s`)).toEqual([]);
      expect(() => check(`${pattern} p99<1s`)).toThrow(UserError);
    },
  );
});

describe('what nothing in the plan can answer', () => {
  test.each([
    ['cpu/clutser p99<1s', "no cell of this run matches cpu/clutser. Did you mean 'cpu/cluster'?"],
    ['cpu:ms=20/cluster p99<1s', "no cell of this run matches cpu:ms=20/cluster. Did you mean 'cpu:ms=2/cluster'?"],
    ['cpu/clutser@50% p99<1s', "no cell of this run matches cpu/clutser. Did you mean 'cpu/cluster'?"],
    ['fixed/cluster vs singel>1', "there is no other cell of singel to compare with. Did you mean 'single'?"],
    ['fixed/single vs single>1', 'there is no other cell of single to compare with. Known: cluster.'],
    ['mixed/single@50% ligth.p99<1s', "mixed/single has no request class 'ligth'. Did you mean 'light'?"],
    [
      'mixed/single light.p99<1s',
      'requests are recorded by class only at a rate; write mixed/single@50%, or another --rate',
    ],
    ['cpu/single@50% p99<1s', 'cpu/single is offered no rate in this run; give one with --rate'],
    ['mixed/single@60% p99<1s', 'mixed/single is not offered that rate; offered: 7%, 50%'],
    ['fixed/single@50% p99<1s', 'fixed/single is not offered that rate; offered: 100'],
    ['fixed/single@90 p99<1s', 'fixed/single is not offered that rate; offered: 100'],
  ])('%s', (text, what) => {
    expect(() => check(text)).toThrow(new UserError(`--require '${text}': ${what}`));
  });

  // 7 ÷ 100 is not 0.07 in every way of writing it, and a share may come to any number.
  test.each(['mixed/single@7% p99<1s', 'mixed/single@112 p99<1s', 'fixed/single@100/s p99<1s', 'fixed/*@* p99<1s'])(
    '%s may be answered',
    (text) => {
      expect(() => check(text)).not.toThrow();
    },
  );

  test('a sweep may come to any number, but not to a share', () => {
    const sweep = { ...manifest, latency: { ...noRates, sweep: true } };
    expect(() => check('cpu/single@33 p99<1s', sweep)).not.toThrow();
    expect(() => check('cpu/single@33% p99<1s', sweep)).toThrow('is not offered that rate; give one with --rate');
  });
});
