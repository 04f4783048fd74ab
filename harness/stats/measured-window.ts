/**
 * When the measured window of a closed loop begins and ends, and what completed within it. It has no clock: times are
 * arguments, in milliseconds.
 *
 * With one class of requests the window begins at once and ends after its length. With several that is not enough. A closed
 * loop sends one request for each that completes, so what was sent is always the mix that was asked for, but what completes
 * within a short window is not: it differs by what is under way at the edges, and under a queue that is many quick requests
 * or many slow ones. A window that begins and ends at the same moment of the loop's cycle, the completion of a request of
 * the rarest class, cuts off whole cycles (regenerative simulation; Crane and Lemoine 1977), and it lasts until what
 * completed is the mix that was asked for. Its figure is then of the work that was asked for, however long it is.
 */

/** Replies of each class that a window must hold. */
const LEAST_REPLIES = 30;
/** How far the replies of a class may be from their part: the larger of these. */
const CLOSE = { requests: 1, share: 0.02 } as const;
/** The same for a window that has become too long. */
const NEAR = { requests: 2, share: 0.05 } as const;
/** The wait for the completion at which the window begins, as a part of the longest window. */
const BEGIN_PART = 0.5;

export interface WindowSettings {
  /** Least length. */
  readonly windowMs: number;
  /** After this long the window ends with what it has. */
  readonly longestMs: number;
  /** Whether the window lasts until the mix is right; else its length alone decides. */
  readonly byMix: boolean;
  /** When it was asked for. */
  readonly orderedMs: number;
}

/** What an event was to the window. */
export type Edge = 'begins' | 'ends' | null;

/** How long a window may take to end after it was asked for. */
export function latestEndMs(longestMs: number): number {
  return longestMs * (1 + BEGIN_PART);
}

export class MeasuredWindow {
  readonly #classes: readonly { readonly name: string; readonly share: number }[];
  readonly #settings: WindowSettings;
  readonly #counts: number[];
  readonly #rarest: number;
  #startMs = Number.POSITIVE_INFINITY;
  #endMs = Number.POSITIVE_INFINITY;
  #lastMs = 0;
  #longestGapMs = 0;
  #requests = 0;
  #fault: string | null = null;

  constructor(classes: readonly { readonly name: string; readonly weight: number }[], settings: WindowSettings) {
    const total = classes.reduce((sum, { weight }) => sum + weight, 0);
    this.#classes = classes.map(({ name, weight }) => ({ name, share: weight / total }));
    const weights = classes.map(({ weight }) => weight);
    this.#rarest = weights.indexOf(Math.min(...weights));
    this.#counts = classes.map(() => 0);
    this.#settings = { ...settings, byMix: settings.byMix && classes.length > 1 };
  }

  /** Infinite before the window begins. */
  get startMs(): number {
    return this.#startMs;
  }

  /** Infinite before the window has ended. */
  get endMs(): number {
    return this.#endMs;
  }

  /** Replies within the window. */
  get requests(): number {
    return this.#requests;
  }

  /** The longest time within the window without a reply, its edges included. */
  get longestGapMs(): number {
    return this.#longestGapMs;
  }

  /** Replies within the window by class, in the order of the scenario. */
  get mix(): readonly { readonly name: string; readonly requests: number }[] {
    return this.#classes.map(({ name }, i) => ({ name, requests: this.#counts[i] ?? 0 }));
  }

  /** What was wrong with the mix when the window had to end; else null. */
  get fault(): string | null {
    return this.#fault;
  }

  /** When `tick` is to be called; infinite once the window is over. */
  get dueMs(): number {
    const { windowMs, longestMs, byMix, orderedMs } = this.#settings;
    if (this.#endMs < Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    if (this.#startMs < Number.POSITIVE_INFINITY) return this.#startMs + (byMix ? longestMs : windowMs);
    return byMix ? orderedMs + BEGIN_PART * longestMs : orderedMs;
  }

  /** A request of this class has completed, with a good reply. The one with which a window begins is not within it. */
  completed(index: number, nowMs: number): Edge {
    if (this.#endMs < Number.POSITIVE_INFINITY) return null;
    const isEdge = this.#settings.byMix && index === this.#rarest;
    if (this.#startMs === Number.POSITIVE_INFINITY) return isEdge ? this.#begin(nowMs) : null;
    this.#requests++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    const gapMs = nowMs - this.#lastMs;
    if (gapMs > this.#longestGapMs) this.#longestGapMs = gapMs;
    this.#lastMs = nowMs;
    if (!isEdge || nowMs - this.#startMs < this.#settings.windowMs) return null;
    return this.#counts.every((count) => count >= LEAST_REPLIES) && this.#worst(CLOSE) === null
      ? this.#end(nowMs)
      : null;
  }

  /** Time has passed. */
  tick(nowMs: number): Edge {
    if (nowMs < this.dueMs) return null;
    if (this.#startMs === Number.POSITIVE_INFINITY) return this.#begin(nowMs);
    const worst = this.#settings.byMix ? this.#worst(NEAR) : null;
    if (worst !== null) {
      const { name, share } = this.#classes[worst] ?? { name: '', share: 0 };
      const served = (this.#counts[worst] ?? 0) / Math.max(1, this.#requests);
      this.#fault =
        `the replies within the window were ${percent(served)} ${name} where ${percent(share)} were asked for, after ` +
        `${((nowMs - this.#startMs) / 1000).toFixed(1)} s; make the window longer with --duration, or give fewer --connections`;
    }
    return this.#end(nowMs);
  }

  #begin(nowMs: number): Edge {
    this.#startMs = nowMs;
    this.#lastMs = nowMs;
    return 'begins';
  }

  #end(nowMs: number): Edge {
    this.#endMs = nowMs;
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#lastMs);
    return 'ends';
  }

  /** Index of the class that is farthest beyond the tolerance; null when none is. */
  #worst(tolerance: typeof CLOSE | typeof NEAR): number | null {
    let worst: number | null = null;
    let most = 1 + 1e-9;
    for (const [i, { share }] of this.#classes.entries()) {
      const part = share * this.#requests;
      const beyond = Math.abs((this.#counts[i] ?? 0) - part) / Math.max(tolerance.requests, tolerance.share * part);
      if (beyond > most) {
        most = beyond;
        worst = i;
      }
    }
    return worst;
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}
