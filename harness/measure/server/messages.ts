/** Messages from the server process, as schemas: nothing that crosses a process boundary is trusted unchecked. */
import { z } from 'zod';
import type { HostMessage } from '../../../servers/host.ts';

const loop = {
  activeMs: z.number(),
  idleMs: z.number(),
  threadId: z.int().nullable(),
  threadCpuUs: z.number().nullable(),
  queuedUs: z.number().nullable(),
  gcMs: z.number(),
  loopDelayP99Ms: z.number().nullable(),
  connections: z.int(),
};
const handling = { ...loop, requests: z.int(), waitingMs: z.number() };

export const hostMessageSchema: z.ZodType<HostMessage> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('described'),
    model: z.record(z.string(), z.unknown()).nullable(),
  }),
  z.object({
    type: z.literal('ready'),
    port: z.int().min(1).max(65_535),
    workers: z.int().min(1),
    canReload: z.boolean(),
  }),
  z.object({ type: z.literal('failed'), message: z.string(), code: z.string().nullable() }),
  z.object({
    type: z.literal('snapshot'),
    ticket: z.int(),
    snapshot: z.object({
      processes: z.array(
        z.object({
          pid: z.int(),
          role: z.enum(['front', 'worker', 'both']),
          atMs: z.number(),
          userUs: z.number(),
          systemUs: z.number(),
          switches: z.object({ voluntary: z.number(), involuntary: z.number() }).nullable(),
          rssBytes: z.number(),
        }),
      ),
      front: z.object(handling).nullable(),
      workers: z.array(z.object({ ...handling, id: z.int() })),
      lostWorkers: z.int(),
      replacedWorkers: z.int().optional(),
    }),
  }),
  z.object({ type: z.literal('reloaded'), ticket: z.int(), failure: z.string().nullable() }),
]);
