/** A server that goes wrong under load ends its trial with the reason, whichever model it runs in; never with a number. */
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { Keeper } from '../../dist/harness/measure/keeper.js';
import type { Failure } from '../store/schema.ts';
import { rateOf, reasonOf, trialOf } from './fixtures/trials.ts';

const FAULTY = fileURLToPath(new URL('./fixtures/faulty.js', import.meta.url));
const MIXING_UP = fileURLToPath(new URL('./fixtures/mixing-up.js', import.meta.url));
const keeper = new Keeper();
afterAll(() => keeper.close());

const cases: readonly (readonly [string, number, string, readonly Failure['kind'][]])[] = [
  ['a wrong reply of the right length', 1, 'single', ['wrong-reply']],
  ['a wrong reply of the right length', 1, 'fork-pool', ['wrong-reply']],
  ['a reply of another length', 2, 'cluster', ['wrong-reply']],
  ['quick 503s', 3, 'worker-threads', ['status']],
  ['a connection closed by the server', 4, 'single', ['connection-closed', 'wrong-reply']],
  ['a handler that throws', 5, 'worker-threads', ['status']],
  ['a server process that ends', 6, 'single', ['server']],
  ['a cluster worker that ends', 6, 'cluster', ['lost-worker']],
  ['a pool process that ends', 6, 'fork-pool', ['lost-worker']],
  ['a pool thread that ends', 6, 'worker-threads', ['lost-worker']],
  ['a handler that never answers', 7, 'cluster', ['timeout']],
];

test.each(cases)('%s (fault %i, %s)', async (_what, fault, model, kinds) => {
  const reason = reasonOf(await trialOf(keeper, { scenario: `${FAULTY}:fault=${fault}`, model, timeoutSec: 1 }));
  expect(kinds).toContain(reason.kind);
  expect(reason.message).not.toContain('\n');
});

const ways = [
  ['capacity, keep-alive', {}],
  ['capacity, a connection per request', { connectionMode: 'per-request' }],
  ['rate, keep-alive', { load: rateOf(1500) }],
  ['rate, a connection per request', { load: rateOf(1500), connectionMode: 'per-request' }],
] as const;

test.each(ways)('one reply in a hundred that belongs to another request (%s)', async (_what, way) => {
  const reason = reasonOf(await trialOf(keeper, { scenario: `${MIXING_UP}:after=300`, model: 'single', ...way }));
  expect(reason.kind).toBe('wrong-reply');
  expect(reason.message).toMatch(/under load instead of (21|1) to request '[ab]'/);
});

test('the same server without a fault is measured', async () => {
  const { outcome } = await trialOf(keeper, { scenario: `${FAULTY}:after=1000000000`, model: 'cluster' });
  expect(outcome.status).toBe('ok');
});
