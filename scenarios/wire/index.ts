import type { Scenario } from '../scenario.ts';

/** Scenarios about how bytes travel. */
export const wire = {
  'large-reply': () => import('./large-reply.ts'),
} satisfies Record<string, () => Promise<{ default: Scenario }>>;
