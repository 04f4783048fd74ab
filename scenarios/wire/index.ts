import type { Scenario } from '../scenario.ts';

/** Scenarios about how bytes travel. */
export const wire = {
  tls: () => import('./tls.ts'),
  'large-reply': () => import('./large-reply.ts'),
  stream: () => import('./stream.ts'),
} satisfies Record<string, () => Promise<{ default: Scenario }>>;
