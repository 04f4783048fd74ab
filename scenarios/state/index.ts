import type { Scenario } from '../scenario.ts';

/** Scenarios about what workers remember, each for itself or in a store. */
export const state = {
  cache: () => import('./cache.ts'),
  sessions: () => import('./sessions.ts'),
  postgres: () => import('./postgres.ts'),
  redis: () => import('./redis.ts'),
} satisfies Record<string, () => Promise<{ default: Scenario }>>;
