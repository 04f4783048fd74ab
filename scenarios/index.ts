import type { Scenario } from './scenario.ts';

/** The built-in scenarios. The key is the file name, the value on the command line and the label in a report. */
export const scenarios = {
  hello: () => import('./hello.ts'),
  cpu: () => import('./cpu.ts'),
  hash: () => import('./hash.ts'),
  json: () => import('./json.ts'),
  io: () => import('./io.ts'),
  files: () => import('./files.ts'),
  mixed: () => import('./mixed.ts'),
  postgres: () => import('./state/postgres.ts'),
  redis: () => import('./state/redis.ts'),
} satisfies Record<string, () => Promise<{ default: Scenario }>>;

export type ScenarioName = keyof typeof scenarios;

/** Of those that are not in this folder itself. */
export const folders: Readonly<Record<string, string>> = { postgres: 'state', redis: 'state' };

/** Measured when no scenario is named: the cost of the model, CPU-bound work, and waiting. */
export const defaultScenarios: readonly ScenarioName[] = ['hello', 'cpu', 'io'];
