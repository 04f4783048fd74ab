/** Profiles of all processes and threads of a server as one tree of calls, in CPU time per request. */
import { type CallFrame, type CpuProfile, IDLE, sampledOf } from './cpu-profile.ts';

/** A function as called by those above it. */
export interface Frame {
  /** What makes it the same function in two checkouts: file and name, whatever line it is in. */
  readonly key: string;
  readonly name: string;
  /** `lib/render.js:12`; empty for what has no source. */
  readonly where: string;
  /** CPU time per request in the function itself, in milliseconds. */
  readonly selfMs: number;
  /** That this rests on. */
  readonly samples: number;
  readonly children: ReadonlyMap<string, Frame>;
}

/** Where sources are. */
export interface Sources {
  /** How a path that begins in this way is shown; the first that fits. */
  readonly roots: readonly { readonly path: string; readonly as: string }[];
  /** A line of a file, counted from 0; null when it cannot be read. */
  lineOf(path: string, line: number): string | null;
}

/** A trial of which profiles were taken. */
export interface ProfiledLaunch {
  readonly profiles: readonly CpuProfile[];
  /** CPU time of all its processes within the profiled window. */
  readonly cpuMs: number;
}

/** CPU time of the server beside the threads that run JavaScript. */
export const OTHER_THREADS = '(other threads)';
const ROOT = '(root)';
const NO_NAME = '(anonymous)';
/** What takes the profiles is none of the server. */
const PROFILER = /\bservers\/profiler\.c[jt]s$/;

/**
 * The calls of one launch. Samples say how its CPU time is divided, and `msPerRequest` what all of it is: that of trials which nothing was
 * profiled in. Where samples add up to less, the rest is that of other threads: of the libuv pool,
 * and of V8. Null when nothing was sampled.
 */
export function framesOf({ profiles, cpuMs }: ProfiledLaunch, msPerRequest: number, sources: Sources): Frame | null {
  const trees = profiles.map((profile) => treeOf(profile, sources));
  const activeMs = trees.reduce((sum, tree) => sum + totalMs(tree), 0);
  if (activeMs === 0) return null;
  const whole = Math.max(activeMs, cpuMs);
  const others = leaf(OTHER_THREADS, Math.max(0, cpuMs - activeMs));
  const all = sumOf([...trees, withChildren(leaf(ROOT, 0), [others])]);
  return scaled(all, msPerRequest / whole);
}

/** The mean of several launches. */
export function meanOf(launches: readonly Frame[]): Frame {
  return scaled(sumOf(launches), 1 / launches.length);
}

/** The frame with all that it calls. */
export function totalMs({ selfMs, children }: Frame): number {
  return [...children.values()].reduce((sum, child) => sum + totalMs(child), selfMs);
}

/** Every function once, whoever calls it. */
export function functionsOf(root: Frame): ReadonlyMap<string, Frame> {
  const byKey = new Map<string, Frame>();
  const visit = (frame: Frame): void => {
    const before = byKey.get(frame.key);
    const own = { ...frame, children: new Map() };
    byKey.set(frame.key, before === undefined ? own : sumOf([before, own]));
    for (const child of frame.children.values()) visit(child);
  };
  visit(root);
  return byKey;
}

function treeOf(profile: CpuProfile, sources: Sources): Frame {
  const { byNode, everyMs } = sampledOf(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const frameOf = ({ id, callFrame, children = [] }: CpuProfile['nodes'][number]): Frame | null => {
    const { functionName, url } = callFrame;
    if (functionName === IDLE || PROFILER.test(url)) return null;
    const samples = byNode.get(id) ?? 0;
    const frame = { ...named(callFrame, sources), selfMs: samples * everyMs, samples, children: new Map() };
    const below = children.flatMap((child) => nodes.get(child) ?? []).flatMap((child) => frameOf(child) ?? []);
    return withChildren(frame, below);
  };
  const [root] = profile.nodes;
  return (root === undefined ? null : frameOf(root)) ?? leaf(ROOT, 0);
}

function named(
  { functionName, url, lineNumber }: CallFrame,
  { roots, lineOf }: Sources,
): Pick<Frame, 'key' | 'name' | 'where'> {
  const name = functionName === '' ? NO_NAME : functionName;
  if (url === '') return { key: name, name, where: '' };
  const path = pathOf(url);
  const root = roots.find((one) => path.startsWith(one.path));
  const file = root === undefined ? path : `${root.as}${path.slice(root.path.length)}`;
  // Of several functions without a name in one file, lines may have moved; what stands there tells them apart.
  const text = name === NO_NAME ? (lineOf(path, lineNumber)?.trim() ?? String(lineNumber)) : '';
  return { key: [file, name, text].join('\n'), name, where: `${file}:${lineNumber + 1}` };
}

/** Modules have URLs, and CommonJS has paths. */
function pathOf(url: string): string {
  if (!url.startsWith('file://')) return url.replaceAll('\\', '/');
  try {
    return decodeURIComponent(new URL(url).pathname).replace(/^\/(?=[A-Za-z]:\/)/, '');
  } catch {
    return url;
  }
}

function leaf(name: string, selfMs: number): Frame {
  return { key: name, name, where: '', selfMs, samples: 0, children: new Map() };
}

/** Those of the same function become one. */
function withChildren(frame: Frame, children: readonly Frame[]): Frame {
  const byKey = new Map<string, readonly Frame[]>();
  for (const child of children) byKey.set(child.key, [...(byKey.get(child.key) ?? []), child]);
  return { ...frame, children: new Map([...byKey].map(([key, same]) => [key, sumOf(same)])) };
}

/** Frames of one function as one; its place is that of the one that takes longest. */
function sumOf(frames: readonly Frame[]): Frame {
  const [first, ...others] = frames.toSorted((a, b) => b.selfMs - a.selfMs);
  if (first === undefined) return leaf(ROOT, 0);
  if (others.length === 0) return first;
  const sum = (of: (frame: Frame) => number): number => frames.reduce((total, frame) => total + of(frame), 0);
  const own = { ...first, selfMs: sum(({ selfMs }) => selfMs), samples: sum(({ samples }) => samples) };
  return withChildren(
    own,
    frames.flatMap(({ children }) => [...children.values()]),
  );
}

function scaled(frame: Frame, by: number): Frame {
  const children = [...frame.children].map(([key, child]) => [key, scaled(child, by)] as const);
  return { ...frame, selfMs: frame.selfMs * by, children: new Map(children) };
}
