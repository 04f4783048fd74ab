/** A server that goes wrong under load ends its trial with the reason, whichever model it runs in; never with a number. */
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { Keeper } from '../../dist/harness/measure/keeper.js';
import { loadScenario } from '../../dist/harness/measure/load-scenario.js';
import { preflight } from '../../dist/harness/measure/preflight.js';
import { runTrial } from '../../dist/harness/measure/trial.js';
import type { Failure, ScenarioPlan, Trial } from '../store/schema.ts';

const FAULTY = fileURLToPath(new URL('./fixtures/faulty.js', import.meta.url));
const keeper = new Keeper();
const { signal } = new AbortController();
afterAll(() => keeper.close());

async function trialOf(settings: string, model: string): Promise<Trial> {
  const loaded = await loadScenario(`${FAULTY}:${settings}`);
  const expected = await preflight(keeper, loaded, 1, [{ name: 'single', style: 'alone' }], 1, signal);
  const plan: ScenarioPlan = {
    id: loaded.id,
    name: loaded.name,
    question: '',
    parameters: loaded.parameters,
    requestClasses: ['one'],
    iterations: 1,
    calibration: null,
    limit: null,
  };
  const cell = {
    id: model,
    scenario: plan.id,
    model,
    style: 'offload',
    workers: 2,
    connections: 8,
    load: { kind: 'capacity' },
  } as const;
  return runTrial(keeper, { cell, round: 0, plan, loaded, expected, warmUpCapMs: 1000, measureMs: 500 }, signal);
}

const cases: readonly (readonly [string, number, string, readonly Failure['kind'][]])[] = [
  ['a wrong reply of the right length', 1, 'single', ['wrong-reply']],
  ['a wrong reply of the right length', 1, 'fork-pool', ['wrong-reply']],
  ['a reply of another length', 2, 'cluster', ['wrong-reply']],
  ['quick 503s', 3, 'worker-threads', ['status']],
  ['a connection closed by the server', 4, 'single', ['connection-closed', 'wrong-reply']],
  ['a handler that throws', 5, 'worker-threads', ['status']],
  ['a server process that ends', 6, 'single', ['server', 'connection-closed', 'connection-error']],
  ['a cluster worker that ends', 6, 'cluster', ['lost-worker']],
  ['a pool process that ends', 6, 'fork-pool', ['lost-worker']],
  ['a pool thread that ends', 6, 'worker-threads', ['lost-worker']],
  ['a handler that never answers', 7, 'cluster', ['timeout', 'not-ready', 'no-requests']],
];

test.each(cases)('%s (fault %i, %s)', async (_what, fault, model, kinds) => {
  const { outcome } = await trialOf(`fault=${fault}`, model);
  if (outcome.status === 'ok')
    throw new Error(`the fault was not noticed: ${outcome.measurement.requestsPerSec} requests/s`);
  expect(kinds).toContain(outcome.reason.kind);
  expect(outcome.reason.message).not.toContain('\n');
});

test('the same server without a fault is measured', async () => {
  const { outcome } = await trialOf('after=1000000000', 'cluster');
  expect(outcome.status).toBe('ok');
});
