import { describe, expect, test } from 'vitest';
import { bandOf } from '../../harness/judge/traces/latency-bands.ts';
import type { LatencyOverTime } from '../../harness/judge/traces/traces.ts';
import { modelColours } from '../drawing/theme.ts';
import { cell } from '../fixtures/build.ts';
import { drawnOf } from '../fixtures/drawn.ts';
import { latencySummary } from '../fixtures/latency-summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { resultWith, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import chart from './latency-heat-map.ts';

const one = scenarioOf(cell('x', 'single', resultWith({})));

/** A trial whose slices have so many requests each, by latency in ms. */
function trial(round: number, ...slices: readonly Readonly<Record<number, number>>[]): LatencyOverTime {
  const packed = slices.map((slice) =>
    Object.entries(slices.length === 0 ? {} : slice).flatMap(([ms, count], i) =>
      i === 0
        ? [bandOf(Number(ms)), count]
        : [-(bandOf(Number(ms)) - bandOf(Number(Object.keys(slice)[i - 1])) - 1), count],
    ),
  );
  const times = { sliceMs: 100, windowMs: 100 * slices.length };
  return { cell: 'x/single', round, attempt: 0, ...times, isDivided: true, slices: packed };
}

function drawn(...latencies: readonly LatencyOverTime[]) {
  const traces = { timelines: [], curves: [], latencies };
  return drawnOf(chart.draw({ scenario: one, summary: summaryOf(one), traces }));
}

/** Of the only model. */
const COLOUR = modelColours(summaryOf(one))('single');

/** The rectangles of the cells, by how strong they are. */
async function cellsOf(...latencies: readonly LatencyOverTime[]) {
  const { marks } = await drawn(...latencies);
  return marks
    .filter(
      ({ kind, shape, fill }) => kind === 'path' && shape.endsWith('Z') && fill === COLOUR && shape.startsWith('M'),
    )
    .flatMap(({ shape, fillOpacity }) =>
      [...shape.matchAll(/M([\d.-]+),([\d.-]+)L/gu)].map(([, x, y]) => ({ x: Number(x), y: Number(y), fillOpacity })),
    )
    .toSorted((a, b) => a.x - b.x || a.y - b.y);
}

describe('a cell', () => {
  test('is farther right the later its requests were sent, and higher the longer they took', async () => {
    const [quick, slow] = await cellsOf(trial(0, { 2: 50 }, { 20: 50 }));
    expect(slow?.x).toBeGreaterThan(quick?.x ?? 0);
    expect(slow?.y).toBeLessThan(quick?.y ?? 0);
  });

  test('is stronger the more of the requests of its moment it holds', async () => {
    const cells = await cellsOf(trial(0, { 2: 90, 20: 9, 200: 1 }, { 2: 100 }));
    const moment = cells.filter(({ x }) => x === cells[0]?.x).toSorted((a, b) => a.y - b.y);
    expect(moment).toHaveLength(3);
    const strengths = moment.map(({ fillOpacity }) => fillOpacity);
    expect(strengths).toEqual(strengths.toSorted());
    expect(new Set(strengths).size).toBe(3);
  });
});

test('trials stand beside each other, with a line at the median of each', async () => {
  const { marks, words } = await drawn(trial(0, { 2: 50 }, { 2: 50 }), trial(2, { 20: 50 }, { 20: 50 }));
  const lines = marks.filter((mark) => mark.words !== '');
  expect(lines.map((mark) => mark.words.replace(/[\d.]+ ms/u, ''))).toEqual([
    'single: round 1, median about ',
    'single: round 3, median about ',
  ]);
  expect(lines[1]?.left).toBeGreaterThan(lines[0]?.right ?? 0);
  expect(words.join('\n')).toMatch(/at full load/u);
});

test('moments with few requests are put together: they would tell chance', async () => {
  const sparse = Array.from({ length: 20 }, (_, slice) => ({ [slice < 10 ? 2 : 20]: 2 }));
  const { marks } = await drawn(trial(0, ...sparse));
  const [line] = marks.filter(({ words }) => words !== '');
  // Two moments: a step has two ends for each.
  expect(line?.shape.match(/[ML]/gu)).toHaveLength(4);
});

test('where a file tells nothing over time a trial is a column, and the notes say so', async () => {
  const whole = [0, 1].map((round) => ({ ...trial(round, { 2: 50, 20: 5 }), isDivided: false }));
  const { words } = await drawn(...whole);
  expect(words.join(' ')).toContain('A column per trial, because latency over time was not recorded');
  const alone = { ...trial(0, { 2: 50 }), isDivided: false };
  await expect(drawn(alone)).rejects.toThrow('not over time');
});

test('at a common rate it is of the highest that all kept up with', async () => {
  const mixed = latencySummary.scenarios.find(({ name }) => name === 'mixed');
  if (mixed === undefined) throw new Error('no scenario mixed');
  const { words } = await drawnOf(chart.draw({ scenario: mixed, summary: latencySummary, traces: tracesFor(mixed) }));
  expect(words.join('\n')).toMatch(/latency in ms over time, at [\d.]+ requests\/s$/mu);
});

test('with too many trials the first are shown, and counted', async () => {
  const { words } = await drawn(...Array.from({ length: 30 }, (_, round) => trial(round, { 2: 50 }, { 3: 50 })));
  expect(words.join(' ')).toContain('Of 30 trials the first 24 are shown.');
});
