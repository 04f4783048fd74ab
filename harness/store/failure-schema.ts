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
    /** A figure above what is physically possible. */
    'above-limit',
    /** The same, and the timing of the scenario's work is what was wrong. */
    'calibration',
    /** The requests that were served are not the mix that was asked for. */
    'mix',
    /** The server did not run for a part of the window: it was stopped, swapped out or suspended. */
    'standstill',
    /** Programs beside the run took CPU time that matters. */
    'disturbed',
    /** The server answered requests that the generators had not sent. */
    'strangers',
  ]),
  /** One line for people. */
  message: z.string(),
});
