import { z } from 'zod';

/** Why a trial does not count. */
export const failureSchema = z.object({
  kind: z.enum([
    'not-ready',
    'wrong-reply',
    'status',
    'timeout',
    'connection-closed',
    'connection-error',
    'lost-worker',
    'no-requests',
    'generator',
    'server',
    'upstream',
    /** Of `ab --duet`: the trial that was measured at the same time failed. */
    'other-side',
  ]),
  /** One line for people. */
  message: z.string(),
});
