import { describe, expect, test } from 'vitest';
import { capacityPerSec, type Shape, type SimulatedClass, simulate } from './fixtures/closed-loop.ts';
import { type Edge, latestEndMs, MeasuredWindow } from './measured-window.ts';

const settings = { windowMs: 1000, longestMs: 10_000, byMix: true, orderedMs: 100 };
const both = [
  { name: 'light', weight: 9 },
  { name: 'heavy', weight: 1 },
];
const HEAVY = 1;

/** Nine light ones, then a heavy one, one every `everyMs`, from `fromMs` on until something but null is said. */
function cycles(window: MeasuredWindow, fromMs: number, everyMs: number): { edge: Edge; atMs: number } {
  for (let i = 0; i < 1e6; i++) {
    const atMs = fromMs + i * everyMs;
    const edge = window.completed(i % 10 === 9 ? HEAVY : 0, atMs);
    if (edge !== null) return { edge, atMs };
  }
  throw new Error('nothing was said');
}

describe('with one class, or by the clock', () => {
  test.each([
    ['one class', new MeasuredWindow([{ name: 'one', weight: 3 }], settings)],
    ['an open loop', new MeasuredWindow(both, { ...settings, byMix: false })],
  ])('%s: it begins at once, and ends after its length whatever completes', (_what, window) => {
    expect(window.completed(0, 99)).toBeNull();
    expect({ edge: window.tick(100), startMs: window.startMs }).toEqual({ edge: 'begins', startMs: 100 });
    for (const atMs of [100, 400, 1099, 1105]) expect(window.completed(0, atMs)).toBeNull();
    expect(window.tick(1099.9)).toBeNull();
    expect(window.tick(1106)).toBe('ends');
    expect(window.completed(0, 1107)).toBeNull();
    expect(window).toMatchObject({ endMs: 1106, requests: 4, fault: null, dueMs: Number.POSITIVE_INFINITY });
    expect(window.longestGapMs).toBe(699);
  });

  test('a gap counts from the beginning and to the end', () => {
    const [first, last] = [0, 1].map(() => new MeasuredWindow([{ name: 'one', weight: 1 }], settings));
    for (const [window, atMs] of [
      [first, 1000],
      [last, 200],
    ] as const) {
      window?.tick(100);
      window?.completed(0, atMs);
      window?.tick(1100);
    }
    expect([first?.longestGapMs, last?.longestGapMs]).toEqual([900, 900]);
  });
});

describe('with several classes', () => {
  test('it begins and ends with a request of the rarest class, and the one that begins it is not within it', () => {
    const window = new MeasuredWindow(both, settings);
    expect(window.tick(100)).toBeNull();
    expect(cycles(window, 110, 1)).toEqual({ edge: 'begins', atMs: 119 });
    // After its length, when 30 heavy ones are there, and at the end of a cycle.
    expect(cycles(window, 120, 3.5)).toEqual({ edge: 'ends', atMs: 120 + 3.5 * 299 });
    expect(window.mix.map(({ requests }) => requests)).toEqual([270, 30]);
  });

  test('it lasts until there are enough of the rarest class', () => {
    const window = new MeasuredWindow(both, settings);
    cycles(window, 110, 1);
    cycles(window, 120, 20);
    expect(window.mix.at(-1)).toEqual({ name: 'heavy', requests: 30 });
  });

  test('it lasts until the mix is right', () => {
    const window = new MeasuredWindow(both, settings);
    cycles(window, 110, 1);
    // Forty light ones too many, which were under way before; then heavy ones take over until all is well.
    let atMs = 120;
    for (let i = 0; i < 400; i++) window.completed(0, atMs++);
    for (let i = 0; i < 36; i++, atMs += 50) expect(window.completed(HEAVY, atMs)).toBeNull();
    for (; window.endMs === Number.POSITIVE_INFINITY; atMs += 50) window.completed(HEAVY, atMs);
    const { requests, mix } = window;
    expect(Math.abs((mix[1]?.requests ?? 0) - requests / 10)).toBeLessThanOrEqual(1);
  });

  test('when nothing of the rarest class comes, it begins all the same', () => {
    const window = new MeasuredWindow(both, settings);
    expect(window.dueMs).toBe(5100);
    expect({ edge: window.tick(5100), next: window.dueMs }).toEqual({ edge: 'begins', next: 15_100 });
    expect(latestEndMs(settings.longestMs)).toBe(15_000);
  });

  test('when it has become too long, it ends with a mix that is near', () => {
    const window = new MeasuredWindow(both, settings);
    window.completed(HEAVY, 100);
    for (let i = 0; i < 20; i++) window.completed(0, 200 + i);
    expect(window.tick(10_099)).toBeNull();
    expect(window.tick(10_100)).toBe('ends');
    expect(window.fault).toBeNull();
  });

  test('and else the fault says what came and what was asked for', () => {
    const window = new MeasuredWindow(both, settings);
    window.completed(HEAVY, 100);
    for (let i = 0; i < 97; i++) window.completed(0, 200 + i);
    for (let i = 0; i < 3; i++) window.completed(HEAVY, 500 + i);
    window.tick(10_100);
    expect(window.fault).toMatch(
      /^the replies within the window were 3% heavy where 10% were asked for, after 10.0 s; /,
    );
  });
});

/** One light class on a front beside heavy work, and a shop of four routes: half a millisecond to 40, and one that waits. */
const mixes: Readonly<Record<string, readonly SimulatedClass[]>> = {
  mixed: [
    { name: 'light', weight: 90, cpuMs: 0.3, onFront: true },
    { name: 'heavy', weight: 10, cpuMs: 37 },
  ],
  shop: [
    { name: 'page', weight: 60, cpuMs: 0.5, onFront: true },
    { name: 'search', weight: 25, cpuMs: 2 },
    { name: 'stock', weight: 10, cpuMs: 0.1, waitMs: 30 },
    { name: 'invoice', weight: 5, cpuMs: 40 },
  ],
  rare: [
    { name: 'usual', weight: 99, cpuMs: 1 },
    { name: 'rare', weight: 1, cpuMs: 100 },
  ],
};
const shapes: readonly Shape[] = ['single', 'cluster', 'pool'];

describe.each(Object.keys(mixes))('what a simulated %s measures is what its CPUs can do', (name) => {
  const classes = mixes[name] ?? [];

  describe.each(shapes)('%s', (shape) => {
    test.each([
      [64, 500, 40],
      [64, 12_000, 6],
      [256, 500, 40],
    ])('%i connections, windows of %i ms', (connections, windowMs, windows) => {
      const longestMs = Math.max(4 * windowMs, 20_000);
      const shares = Array.from({ length: windows }, (_, seed) => {
        const window = simulate(shape, classes, { connections, windowMs, longestMs, seed: 7919 * seed + 13 });
        expect(window.fault).toBeNull();
        return (window.requests * 1000) / (window.endMs - window.startMs) / capacityPerSec(shape, classes);
      });
      for (const share of shares) expect(Math.abs(share - 1)).toBeLessThan(windowMs > 1000 ? 0.02 : 0.08);
      const mean = shares.reduce((sum, share) => sum + share, 0) / windows;
      const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (windows - 1);
      // Never above the limit by more than its error, and no window is worth less for being short.
      expect(mean - 3 * Math.sqrt(variance / windows)).toBeLessThan(1.001);
      expect(mean).toBeGreaterThan(0.98);
    });
  });
});
