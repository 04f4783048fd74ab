/** What is timed, as data. */
import { z } from 'zod';

/** Bytes of a message. */
export const SIZES = [64, 1024, 64 * 1024, 1024 * 1024] as const;

/** A way of a message there and back. */
interface Transport {
  readonly words: string;
  /** Times that the bytes are copied from memory to memory at least, on the way there and back. */
  readonly copies: number;
}

/** From what costs least: each sends the same bytes, and gets as many back. */
export const TRANSPORTS = {
  call: { words: 'function call', copies: 2 },
  shared: { words: 'thread, shared memory', copies: 2 },
  transfer: { words: 'thread, transferred', copies: 0 },
  clone: { words: 'thread, cloned', copies: 2 },
  // Into a socket and out of it, in both directions.
  'ipc-advanced': { words: 'process, IPC advanced', copies: 4 },
  'ipc-json': { words: 'process, IPC json', copies: 4 },
} as const satisfies Readonly<Record<string, Transport>>;

/** Starting the same small file until its first message arrives. */
export const STARTS = { thread: 'thread (Worker)', process: 'process (fork)' } as const;

/** A new connection until the first byte of its answer. */
export const CONNECTIONS = {
  here: 'answered at once',
  passed: 'passed to a forked child',
} as const;

export const GROUPS = ['start', 'messages', 'sockets'] as const;
export type Group = (typeof GROUPS)[number];

const starts = ['thread', 'process'] as const satisfies readonly (keyof typeof STARTS)[];
const connections = ['here', 'passed'] as const satisfies readonly (keyof typeof CONNECTIONS)[];
const transports = [
  ...(['call', 'shared', 'transfer', 'clone'] as const),
  ...(['ipc-advanced', 'ipc-json'] as const),
] satisfies readonly (keyof typeof TRANSPORTS)[];

export const operationSchema = z.discriminatedUnion('group', [
  z.object({ group: z.literal('start'), of: z.enum(starts) }),
  z.object({ group: z.literal('messages'), of: z.enum(transports), bytes: z.int().min(1) }),
  z.object({ group: z.literal('sockets'), of: z.enum(connections) }),
]);
export type Operation = Readonly<z.infer<typeof operationSchema>>;

/** Every operation, in the order of the tables. */
export const OPERATIONS: readonly Operation[] = [
  ...starts.map((of): Operation => ({ group: 'start', of })),
  ...transports.flatMap((of) => SIZES.map((bytes): Operation => ({ group: 'messages', of, bytes }))),
  ...connections.map((of): Operation => ({ group: 'sockets', of })),
];

/** What the process that times an operation is told. */
export const commandSchema = z.object({
  operation: operationSchema,
  warmUpMs: z.number().min(0),
  measureMs: z.number().min(0),
});
export type CostCommand = z.infer<typeof commandSchema>;

/** What it found: one launch. */
export const launchSchema = z.object({
  /** Of the middle one of all repetitions. */
  wallUs: z.number().positive(),
  /** Of all processes and threads that took part, per repetition, over as many other ones. */
  cpuUs: z.number().min(0),
  samples: z.int().min(1),
  /** Of all repetitions whose CPU time was read, together. */
  elapsedUs: z.number().positive(),
});
export type Launch = Readonly<z.infer<typeof launchSchema>>;
