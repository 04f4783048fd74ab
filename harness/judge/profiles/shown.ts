/** What is kept of profiles in `profiles.json` and shown of them: large frames, and the functions that take most. */
import { type Frame, functionsOf, totalMs } from './frames.ts';
import type { ProfiledFunction, ShownFrame } from '../../store/profiles-schema.ts';

/** Of the whole: narrower ones cannot be seen. */
const LEAST_SHARE = 0.005;
const MOST_FUNCTIONS = 20;

/** The frames of a flame graph, widest first; with `base` those of head, and how long each took before. */
export function shownFrames(root: Frame, base: Frame | null): ShownFrame {
  const leastMs = LEAST_SHARE * totalMs(root);
  const shown = (frame: Frame, before: Frame | undefined): ShownFrame => ({
    name: frame.name,
    where: frame.where,
    selfMs: frame.selfMs,
    totalMs: totalMs(frame),
    baseSelfMs: base === null ? null : (before?.selfMs ?? 0),
    baseMs: base === null ? null : before === undefined ? 0 : totalMs(before),
    children: [...frame.children]
      .filter(([, child]) => totalMs(child) >= leastMs)
      .map(([key, child]) => shown(child, before?.children.get(key)))
      .toSorted((a, b) => b.totalMs - a.totalMs),
  });
  return shown(root, base ?? undefined);
}

/** Where its own time goes, most first. */
export function largestFunctions(root: Frame): readonly ProfiledFunction[] {
  return [...functionsOf(root).values()]
    .filter(({ selfMs }) => selfMs > 0)
    .toSorted((a, b) => b.selfMs - a.selfMs)
    .slice(0, MOST_FUNCTIONS)
    .map(({ name, where, selfMs }) => ({ name, where, ms: selfMs }));
}
