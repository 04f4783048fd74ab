/** A server that goes wrong under load ends its trial with the reason, whichever model it runs in; never with a number. */
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import type { Failure } from '../../store/schema.ts';
import { rateOf, reasonOf, trialOf } from '../fixtures/trials.ts';

const FAULTY = fileURLToPath(new URL('../fixtures/faulty.js', import.meta.url));
const MIXING_UP = fileURLToPath(new URL('../fixtures/mixing-up.js', import.meta.url));
const registry = new ProcessRegistry();
afterAll(() => registry.close());

const cases: readonly (readonly [string, number, string, readonly Failure['kind'][]])[] = [
  ['a wrong reply of the right length', 1, 'single', ['wrong-reply']],
  ['a wrong reply of the right length', 1, 'fork-pool', ['wrong-reply']],
  ['a reply of another length', 2, 'cluster', ['wrong-reply']],
  ['quick 503s', 3, 'worker-threads', ['status']],
  ['a header that is for the server to send', 4, 'single', ['status']],
  ['a server process that ends', 6, 'single', ['server']],
  ['a cluster worker that ends', 6, 'cluster', ['lost-worker']],
  ['a pool process that ends', 6, 'fork-pool', ['lost-worker']],
  ['a pool thread that ends', 6, 'worker-threads', ['lost-worker']],
  ['a handler that never answers', 7, 'cluster', ['timeout']],
];

test.each(cases)('%s (fault %i, %s)', async (_what, fault, model, kinds) => {
  const reason = reasonOf(await trialOf(registry, { scenario: `${FAULTY}:fault=${fault}`, model, timeoutSec: 1 }));
  expect(kinds).toContain(reason.kind);
  expect(reason.message).not.toContain('\n');
});

const said: readonly (readonly [string, number, string, string])[] = [
  ...['single', 'cluster', 'fork-pool', 'worker-threads'].map(
    (model) => ['an error that a handler throws', 5, model, 'Error: on purpose'] as const,
  ),
  ['an error nobody catches', 8, 'single', '(exit code 1: TypeError: nobody catches this)'],
  ['an error nobody catches', 8, 'cluster', 'died and had to be replaced: TypeError: nobody catches this'],
  ['an error nobody catches', 8, 'worker-threads', 'died and had to be replaced: TypeError: nobody catches this'],
  ['a rejection nobody handles', 9, 'single', '(exit code 1: RangeError: nobody awaits this)'],
  ['a rejection nobody handles', 9, 'fork-pool', 'died and had to be replaced: RangeError: nobody awaits this'],
];

test.each(said)('%s (fault %i, %s) is in the reason', async (_what, fault, model, words) => {
  const reason = reasonOf(await trialOf(registry, { scenario: `${FAULTY}:fault=${fault}`, model, timeoutSec: 1 }));
  expect(reason.message).toContain(words);
  if (fault === 5) expect(reason.kind).toBe('status');
});

test.each([
  ['single', 'the server ended during the trial (SIGABRT: FATAL ERROR: '],
  ['cluster', 'died and had to be replaced: FATAL ERROR: '],
])('that memory ran out is in the reason (%s)', async (model, words) => {
  vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=40');
  try {
    const reason = reasonOf(await trialOf(registry, { scenario: `${FAULTY}:fault=10`, model }));
    expect(reason.message).toContain(words);
    expect(reason.message).toMatch(/heap out of memory\)?$/);
  } finally {
    vi.unstubAllEnvs();
  }
});

const ways = [
  ['capacity, keep-alive', {}],
  ['capacity, a connection per request', { connectionMode: 'per-request' }],
  ['rate, keep-alive', { load: rateOf(1500) }],
  ['rate, a connection per request', { load: rateOf(1500), connectionMode: 'per-request' }],
] as const;

test.each(ways)('one reply in a hundred that belongs to another request (%s)', async (_what, way) => {
  const reason = reasonOf(await trialOf(registry, { scenario: `${MIXING_UP}:after=60`, model: 'single', ...way }));
  expect(reason.kind).toBe('wrong-reply');
  expect(reason.message).toMatch(/under load instead of (21|1) to request '[ab]'/);
});

test('the same server without a fault is measured', async () => {
  const { outcome } = await trialOf(registry, { scenario: `${FAULTY}:after=1000000000`, model: 'cluster' });
  expect(outcome.status).toBe('ok');
});
