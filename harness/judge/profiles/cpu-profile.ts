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

/** What was sampled of a node alone: the time from each sample to the next one. */
export interface Sampled {
  readonly us: number;
  readonly samples: number;
}

/** By id of the node. */
export function sampledOf({ samples, startTime, endTime, timeDeltas }: CpuProfile): ReadonlyMap<number, Sampled> {
  const byNode = new Map<number, Sampled>();
  let at = startTime;
  for (const [i, id] of samples.entries()) {
    at += timeDeltas[i] ?? 0;
    const us = Math.max(0, timeDeltas[i + 1] ?? endTime - at);
    const before = byNode.get(id) ?? { us: 0, samples: 0 };
    byNode.set(id, { us: before.us + us, samples: before.samples + 1 });
  }
  return byNode;
}
