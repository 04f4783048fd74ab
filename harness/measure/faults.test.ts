/** A server that goes wrong under load ends its trial with the reason, whichever model it runs in; never with a number. */
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import { Keeper } from '../../dist/harness/measure/keeper.js';
import type { Failure } from '../store/schema.ts';
import { reasonOf, trialOf } from './fixtures/trials.ts';

const FAULTY = fileURLToPath(new URL('./fixtures/faulty.js', import.meta.url));
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

const said: readonly (readonly [string, number, string, string])[] = [
  [
    'an error that a handler throws',
    5,
    'single',
    'a reply with status 500 under load; the server wrote: Error: on purpose',
  ],
  [
    'an error that a handler throws',
    5,
    'cluster',
    'a reply with status 500 under load; the server wrote: Error: on purpose',
  ],
  [
    'an error that a handler throws',
    5,
    'fork-pool',
    'a reply with status 500 under load; the server wrote: Error: on purpose',
  ],
  [
    'an error that a handler throws',
    5,
    'worker-threads',
    'a reply with status 500 under load; the server wrote: Error: on purpose',
  ],
  ['an error nobody catches', 8, 'single', '(exit code 1: TypeError: nobody catches this)'],
  ['an error nobody catches', 8, 'cluster', 'died and had to be replaced: TypeError: nobody catches this'],
  ['an error nobody catches', 8, 'worker-threads', 'died and had to be replaced: TypeError: nobody catches this'],
  ['a rejection nobody handles', 9, 'single', '(exit code 1: RangeError: nobody awaits this)'],
  ['a rejection nobody handles', 9, 'fork-pool', 'died and had to be replaced: RangeError: nobody awaits this'],
];

test.each(said)('%s (fault %i, %s) is in the reason', async (_what, fault, model, words) => {
  const reason = reasonOf(await trialOf(keeper, { scenario: `${FAULTY}:fault=${fault}`, model, timeoutSec: 1 }));
  expect(reason.message).toContain(words);
});

test.each([
  ['single', 'the server ended during the trial (SIGABRT: FATAL ERROR: '],
  ['cluster', 'died and had to be replaced: FATAL ERROR: '],
])('that memory ran out is in the reason (%s)', async (model, words) => {
  vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=40');
  try {
    const reason = reasonOf(await trialOf(keeper, { scenario: `${FAULTY}:fault=10`, model }));
    expect(reason.message).toContain(words);
    expect(reason.message).toMatch(/heap out of memory\)?$/);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('the same server without a fault is measured', async () => {
  const { outcome } = await trialOf(keeper, { scenario: `${FAULTY}:after=1000000000`, model: 'cluster' });
  expect(outcome.status).toBe('ok');
});
