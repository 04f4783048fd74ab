/** How long jobs of one worker take, by the path of their URL: it tells long jobs from short ones before they run. */

/** Paths with an identifier in them are unbounded. */
const MOST_ROUTES = 256;
/** Share of the newest job in the estimate. */
const WEIGHT = 1 / 16;

export class RouteTimes {
  readonly #ms = new Map<string, number>();
  /** Of all paths beyond that number. */
  #othersMs = Number.POSITIVE_INFINITY;

  /** Infinity for what has not been seen yet. */
  expectedMs(url: string): number {
    return this.#ms.get(pathOf(url)) ?? (this.#ms.size < MOST_ROUTES ? Number.POSITIVE_INFINITY : this.#othersMs);
  }

  record(url: string, ms: number): void {
    const path = pathOf(url);
    const before = this.#ms.get(path);
    if (before === undefined && this.#ms.size >= MOST_ROUTES) this.#othersMs = updated(this.#othersMs, ms);
    else this.#ms.set(path, updated(before ?? Number.POSITIVE_INFINITY, ms));
  }
}

function updated(before: number, ms: number): number {
  return Number.isFinite(before) ? before + (ms - before) * WEIGHT : ms;
}

function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}
