/** A CPU profile as V8 writes it: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile. Times in microseconds. */
import { z } from 'zod';

const callFrameSchema = z.object({
  /** Empty for a function without a name. */
  functionName: z.string(),
  scriptId: z.string(),
  /** Empty for what is not JavaScript. */
  url: z.string(),
  /** From 0. */
  lineNumber: z.int(),
  columnNumber: z.int(),
});

const profileSchema = z.object({
  /** The first is the root. */
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: callFrameSchema,
      hitCount: z.int().optional(),
      children: z.array(z.int()).optional(),
    }),
  ),
  startTime: z.number(),
  endTime: z.number(),
  /** Ids of nodes. */
  samples: z.array(z.int()),
  /** From one sample to the next; the first from the start. */
  timeDeltas: z.array(z.number()),
});

/** What a process or thread of a server has handed over. */
export const recordedSchema = z.object({
  /** When its profile began, by the clock that all processes of a machine share. */
  startedUs: z.number(),
  profile: profileSchema,
});

export type CpuProfile = z.infer<typeof profileSchema>;
export type CallFrame = z.infer<typeof callFrameSchema>;
export type Recorded = z.infer<typeof recordedSchema>;

/** What was sampled between two moments of the shared clock. */
export function profileWithin({ startedUs, profile }: Recorded, fromUs: number, toUs: number): CpuProfile {
  const toOwnClock = profile.startTime - startedUs;
  const [from, to] = [fromUs + toOwnClock, toUs + toOwnClock];
  let at = profile.startTime;
  const kept = profile.samples.flatMap((node, i) => {
    at += profile.timeDeltas[i] ?? 0;
    return at < from || at > to ? [] : [{ node, at }];
  });
  const samples = kept.map(({ node }) => node);
  return {
    nodes: nodesOf(profile, samples),
    startTime: from,
    endTime: to,
    samples,
    timeDeltas: kept.map((sample, i) => sample.at - (kept[i - 1]?.at ?? from)),
  };
}

/** Those that were sampled, and what called them. */
function nodesOf({ nodes }: CpuProfile, samples: readonly number[]): CpuProfile['nodes'] {
  const hits = new Map<number, number>();
  for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
  const used = new Set(hits.keys());
  // A node comes after its parent.
  for (const { id, children = [] } of nodes.toReversed()) if (children.some((one) => used.has(one))) used.add(id);
  return nodes.flatMap(({ id, callFrame, children = [] }, i) =>
    used.has(id) || i === 0
      ? [{ id, callFrame, hitCount: hits.get(id) ?? 0, children: children.filter((one) => used.has(one)) }]
      : [],
  );
}

/** The node of a thread that waits for something to do. */
export const IDLE = '(idle)';

/** How often each node was sampled itself, and the time that a sample stands for. */
export interface Sampled {
  readonly byNode: ReadonlyMap<number, number>;
  /** Mean of those in which the thread was not idle; 0 without any. */
  readonly everyMs: number;
}

/**
 * Samples are counted, and not each taken with the time to the next: a thread that has no CPU is not sampled, and that time would be of
 * the function in which it lost it.
 */
export function sampledOf({ nodes, samples, timeDeltas, startTime, endTime }: CpuProfile): Sampled {
  const idle = new Set(nodes.flatMap(({ id, callFrame }) => (callFrame.functionName === IDLE ? [id] : [])));
  const lastUs = endTime - startTime - timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const activeUs = samples.flatMap((id, i) => (idle.has(id) ? [] : [timeDeltas[i + 1] ?? lastUs]));
  return {
    byNode: new Map(nodes.map(({ id, hitCount }) => [id, hitCount ?? 0])),
    everyMs: activeUs.reduce((sum, us) => sum + us, 0) / 1000 / Math.max(1, activeUs.length),
  };
}
