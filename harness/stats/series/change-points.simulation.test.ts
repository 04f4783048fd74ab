/** The promise of the change points: what is found where nothing changed, and what is found of changes that are there. */
import { describe, expect, test } from 'vitest';
import { heavyTailed, type Noise, normal } from '../fixtures/noise.ts';
import { randomStream } from '../random.ts';
import { type ChangePoint, changePoints, type HistoryPoint } from './change-points.ts';

const how = { error: 0.05, seed: 1 };
const RUNS = 60;

/** A run of five trials: `sd` is that of a run around its level. */
function pointAt(log: number, sd: number): HistoryPoint {
  return { log, standardError: sd };
}

function history(levels: readonly number[], sd: number, noise: Noise): readonly HistoryPoint[] {
  return levels.map((level) => pointAt(level + sd * noise(), sd));
}

/** 60 runs, and five changes of 5 to 10% up or down, at least six runs apart. */
function changed(random: () => number): { readonly levels: readonly number[]; readonly at: readonly number[] } {
  const at: number[] = [];
  while (at.length < 5) {
    const place = 6 + Math.floor(random() * (RUNS - 12));
    if (at.every((one) => Math.abs(one - place) >= 6)) at.push(place);
  }
  const steps = new Map(at.map((place) => [place, (random() < 0.5 ? -1 : 1) * Math.log(1.05 + 0.05 * random())]));
  let level = 0;
  const levels = Array.from({ length: RUNS }, (_, i) => {
    level += steps.get(i) ?? 0;
    return level;
  });
  return { levels, at: at.toSorted((a, b) => a - b) };
}

function score(found: readonly ChangePoint[], at: readonly number[]) {
  const hit = at.filter((place) => found.some((one) => Math.abs(one.at - place) <= 1)).length;
  const wrong = found.filter((one) => at.every((place) => Math.abs(one.at - place) > 1)).length;
  return { hit, wrong };
}

describe('nothing changed in 60 runs', () => {
  const flat = Array.from({ length: RUNS }, () => 0);
  test.each([
    ['normal, sd 1%', 0.01, normal],
    ['normal, sd 5%', 0.05, normal],
    ['t with 3 degrees, sd 1%', 0.01, (random: () => number) => heavyTailed(random, 3)],
    ['t with 3 degrees, sd 5%', 0.05, (random: () => number) => heavyTailed(random, 3)],
  ] as const)('%s: at most one history in twenty has a change', (_, sd, noiseOf) => {
    const noise = noiseOf(randomStream(7));
    const histories = 400;
    let alarms = 0;
    for (let i = 0; i < histories; i++) alarms += changePoints(history(flat, sd, noise), how).length > 0 ? 1 : 0;
    // Two standard errors of a share of 5% in so many histories.
    expect(alarms / histories).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / histories));
  });
});

describe('five changes of 5 to 10% in 60 runs', () => {
  test.each([
    ['normal, sd 1%', 0.01, normal, 0.98],
    ['normal, sd 1.5%', 0.015, normal, 0.93],
    ['normal, sd 2%', 0.02, normal, 0.85],
    ['t with 3 degrees, sd 2%', 0.02, (random: () => number) => heavyTailed(random, 3), 0.85],
  ] as const)('%s: found within a run, and no more than one that is not there', (_, sd, noiseOf, share) => {
    const random = randomStream(11);
    const noise = noiseOf(randomStream(12));
    const histories = 40;
    let [hits, few] = [0, 0];
    for (let i = 0; i < histories; i++) {
      const { levels, at } = changed(random);
      const scored = score(changePoints(history(levels, sd, noise), how), at);
      hits += scored.hit;
      few += scored.wrong <= 1 ? 1 : 0;
    }
    expect(hits / (5 * histories)).toBeGreaterThanOrEqual(share);
    expect(few / histories).toBeGreaterThanOrEqual(0.95);
  });
});
