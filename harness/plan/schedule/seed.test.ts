import { expect, test } from 'vitest';
import { seedOfPlan } from './seed.ts';

const plan = {
  scenarios: ['cpu:ms=2', './bench/orders.js'],
  models: ['single', 'cluster'],
  services: [{ name: null, file: './server.js', requests: [{ method: 'GET', path: '/' }] }],
  externals: [],
  connectionModes: ['keep-alive'],
  rates: [{ kind: 'number', requestsPerSec: 100 } as const],
  latency: { arrivals: 'poisson', slo: null } as const,
};

test('is the same for the same plan, wherever its files are', () => {
  const elsewhere = {
    ...plan,
    scenarios: ['cpu:ms=2', '../main/bench/orders.js'],
    services: [{ ...plan.services[0], name: null, file: '/src/server.js', requests: [{ method: 'GET', path: '/' }] }],
  };
  expect(seedOfPlan(elsewhere)).toBe(seedOfPlan(plan));
});

test('is another one for anything else that is measured', () => {
  const others = [
    { ...plan, scenarios: ['cpu:ms=3', './bench/orders.js'] },
    { ...plan, models: ['single'] },
    { ...plan, services: [] },
    { ...plan, rates: [{ kind: 'number', requestsPerSec: 200 } as const] },
    { ...plan, latency: { arrivals: 'constant', slo: null } as const },
  ];
  expect(new Set([plan, ...others].map(seedOfPlan)).size).toBe(6);
  for (const one of others) expect(seedOfPlan(one)).toBeLessThan(2 ** 32);
});
