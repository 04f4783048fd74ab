/** What an animation of a fault tells of each model, frame by frame: the counts of one recorded trial, and the dots that stand for them. */
import { isGone } from '../../../../harness/judge/faults/words.ts';
import type { FaultSummary } from '../../../../harness/judge/schema/faults.ts';
import type { FaultTrace } from '../../../../harness/judge/traces/traces.ts';
import type { FaultPanel } from '../panels.ts';

/** Real time from the fault, and how it is stretched. */
export interface ShownTime {
  readonly fromMs: number;
  readonly frameMs: number;
  readonly frames: number;
  /** Seconds of the animation to a second of the trial. */
  readonly stretch: number;
}

/** Up to the end of each frame: counts since the beginning of what is shown, and requests under way. */
export interface Frame {
  readonly answered: number;
  readonly lost: number;
  readonly waiting: number;
}

/** Moments in ms from the fault at which a dot sets out; each stands for `perDot` requests, a lost one for as many at most. */
export interface Dots {
  /** Of good requests, when they were due. */
  readonly due: readonly number[];
  readonly answered: readonly number[];
  readonly lost: readonly number[];
}

/** When a worker, or another part, is not what it should be: ms from the fault; `toMs` is null where that is not over. */
export interface Trouble {
  readonly fromMs: number;
  readonly toMs: number | null;
}

export interface Story {
  readonly panel: FaultPanel;
  readonly trace: FaultTrace;
  readonly frames: readonly Frame[];
  readonly dots: Dots;
  /** Of each worker that is drawn; of those that have none it is null. */
  readonly workers: readonly (Trouble | null)[];
  /** Of the service of the scenario; null where it has none. */
  readonly service: Trouble | null;
}

const BEFORE_MS = 300;
const LEAST_AFTER_MS = 700;
const MOST_AFTER_MS = 3000;
/** More make the file larger and are not seen. */
const MOST_FRAMES = 80;
const STRETCH = 7;
const MOST_SECONDS = 14;
const MOST_WORKERS = 4;
/** In one image, of all models together. */
const MOST_DOTS = 1500;
const PER_DOT = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** From shortly before the fault until the last model that recovers has done so, as far as all trials were recorded. */
export function shownTime(
  fault: FaultSummary,
  all: readonly { readonly panel: FaultPanel; readonly trace: FaultTrace }[],
): ShownTime {
  const { kind, lastsMs } = fault.fault;
  const over = all.flatMap(({ panel, trace }) => [panel.figures?.recoveryMs?.point ?? 0, trace.overMs ?? 0]);
  const wantedMs = Math.max(
    LEAST_AFTER_MS,
    ...over,
    kind === 'upstream-stall' || kind === 'block' ? (lastsMs ?? 0) : 0,
  );
  const recordedMs = Math.min(...all.map(({ trace: { shown } }) => shown.startMs + shown.due.length * shown.binMs));
  const binMs = Math.max(...all.map(({ trace }) => trace.shown.binMs));
  const fromMs = -Math.min(BEFORE_MS, ...all.map(({ trace }) => -trace.shown.startMs));
  const toMs = Math.min(recordedMs, MOST_AFTER_MS, wantedMs * 1.2 + 100);
  const frameMs = binMs * Math.ceil((toMs - fromMs) / binMs / MOST_FRAMES);
  const frames = Math.max(1, Math.floor((toMs - fromMs) / frameMs));
  return { fromMs, frameMs, frames, stretch: Math.min(STRETCH, MOST_SECONDS / ((frames * frameMs) / 1000)) };
}

/** How many requests a dot stands for: the same everywhere. */
export function requestsPerDot(time: ShownTime, traces: readonly FaultTrace[]): number {
  const requests = traces.reduce((sum, trace) => {
    const { due, answered } = countsOf(trace, time);
    return sum + total(due) + total(answered);
  }, 0);
  return PER_DOT.find((one) => requests / one <= MOST_DOTS) ?? Math.ceil(requests / MOST_DOTS);
}

export function storyOf(
  fault: FaultSummary,
  { panel, trace }: { readonly panel: FaultPanel; readonly trace: FaultTrace },
  time: ShownTime,
  perDot: number,
): Story {
  const { due, answered, lost, waitingBefore } = countsOf(trace, time);
  let [allAnswered, allLost, waiting] = [0, 0, waitingBefore];
  const frames = due.map((count, i): Frame => {
    allAnswered += answered[i] ?? 0;
    allLost += lost[i] ?? 0;
    waiting += count - (answered[i] ?? 0) - (lost[i] ?? 0);
    return { answered: allAnswered, lost: allLost, waiting: Math.max(0, waiting) };
  });
  const good = due.map((count, i) => Math.max(0, count - (lost[i] ?? 0)));
  const trouble = troubleOf(fault, panel, frames, time);
  return {
    ...{ panel, trace, frames },
    dots: {
      due: momentsOf(good, time, perDot, 0.5),
      answered: momentsOf(answered, time, perDot, 0.5),
      lost: momentsOf(lost, time, perDot, 0),
    },
    workers: workersOf(fault, panel, trace, trouble),
    service: fault.fault.kind === 'upstream-stall' ? { fromMs: 0, toMs: fault.fault.lastsMs } : null,
  };
}

/** Requests by frame; a recorded bin is in the frame that has its middle. */
function countsOf({ shown }: FaultTrace, { fromMs, frameMs, frames }: ShownTime) {
  const zeros = (): number[] => Array.from({ length: frames }, () => 0);
  const [due, answered, lost] = [zeros(), zeros(), zeros()];
  let waitingBefore = 0;
  for (const [bin, count] of shown.due.entries()) {
    const frame = Math.floor((shown.startMs + (bin + 0.5) * shown.binMs - fromMs) / frameMs);
    const [ownAnswered, ownLost] = [shown.answered[bin] ?? 0, shown.lost[bin] ?? 0];
    if (frame < 0) waitingBefore += count - ownAnswered - ownLost;
    if (frame < 0 || frame >= frames) continue;
    due[frame] = (due[frame] ?? 0) + count;
    answered[frame] = (answered[frame] ?? 0) + ownAnswered;
    lost[frame] = (lost[frame] ?? 0) + ownLost;
  }
  return { due, answered, lost, waitingBefore };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** One for every `perDot` requests, from the one at `offset` of the first of them on; those of a frame are spread evenly over it. */
function momentsOf(
  counts: readonly number[],
  { fromMs, frameMs }: ShownTime,
  perDot: number,
  offset: number,
): number[] {
  const moments: number[] = [];
  let seen = 0;
  for (const [i, count] of counts.entries()) {
    for (let next = moments.length * perDot + perDot * offset; next < seen + count; next += perDot) {
      moments.push(fromMs + (i + (next - seen) / count) * frameMs);
    }
    seen += count;
  }
  return moments;
}

/** A worker that is back at once must be seen to have been away. */
const LEAST_TROUBLE_MS = 60;

/** Of what was hit: from the first to the last frame with lost requests, or with twice as many under way as before. */
function troubleOf(
  fault: FaultSummary,
  panel: FaultPanel,
  frames: readonly Frame[],
  { fromMs, frameMs }: ShownTime,
): Trouble {
  const { kind, lastsMs } = fault.fault;
  if (kind === 'block') return { fromMs: 0, toMs: lastsMs };
  if (kind === 'loop') return { fromMs: 0, toMs: null };
  const atMs = (frame: number): number => fromMs + frame * frameMs;
  const usual = Math.max(5, ...frames.filter((_, i) => atMs(i + 1) <= 0).map(({ waiting }) => waiting));
  const bad = frames.flatMap(({ lost, waiting }, i) =>
    atMs(i + 1) > 0 && (lost > (frames[i - 1]?.lost ?? 0) || waiting > 2 * usual) ? [i] : [],
  );
  const isLate = kind === 'leak' || kind === 'oom';
  const start = isLate && bad[0] !== undefined ? Math.max(0, atMs(bad[0])) : 0;
  const isOver = !isGone(panel.model) && (panel.figures?.workers?.replaced ?? 1) > 0;
  const end = bad.at(-1) === undefined ? 0 : atMs((bad.at(-1) ?? 0) + 1);
  return { fromMs: start, toMs: isOver ? Math.max(start + LEAST_TROUBLE_MS, end) : null };
}

function workersOf(fault: FaultSummary, panel: FaultPanel, trace: FaultTrace, hit: Trouble): (Trouble | null)[] {
  const count = trace.style === 'alone' || trace.style === 'external' ? 1 : Math.min(MOST_WORKERS, trace.workers ?? 1);
  const workers = Array.from({ length: count }, (_, i) => i);
  switch (fault.fault.kind) {
    case 'upstream-stall':
      return workers.map(() => null);
    case 'reload': {
      // One after the other, as long as it took.
      const each = (trace.overMs ?? hit.toMs ?? 0) / count;
      return workers.map((i) => (each === 0 ? null : { fromMs: i * each, toMs: (i + 1) * each }));
    }
    case 'kill':
    case 'crash':
    case 'block':
    case 'loop':
    case 'oom':
    case 'leak': {
      // Threads end with their process.
      const isWhole = isGone(panel.model);
      return workers.map((i) => (i === 0 || isWhole ? hit : null));
    }
    default:
      return fault.fault.kind satisfies never;
  }
}
