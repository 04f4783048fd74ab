import { describe, expect, test } from 'vitest';
import type { CellResult } from '../../harness/judge/schema/summary.ts';
import { cell, givenUpCell, MIB, result } from '../fixtures/build.ts';
import {
  arrowheadsOf,
  axisOf,
  type Drawn,
  drawnOf,
  illegible,
  rounded,
  spans,
  tableOf,
  whiskersOf,
} from '../fixtures/drawn.ts';
import { scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import memory from './memory.ts';

type Changes = Partial<CellResult['memory']>;

/** A result with so many MiB at its peak; `frontMib` of them the front's. */
function sized(mib: number, frontMib: number | null = null, changes: Changes = {}): CellResult {
  const plain = result({ rate: [9, 9, 9], latency: [1, 2, 3, null, 4], cpu: 1, mib, by: 'workers' });
  const front = frontMib === null ? null : { idleBytes: 0.8 * frontMib * MIB, peakBytes: frontMib * MIB };
  return { ...plain, memory: { ...plain.memory, front, ...changes } };
}

/** A peak over trials, all in MiB. */
function peak(mib: number, low: number | null, high: number | null, trials = 5): Changes {
  const spread = { min: mib * MIB, max: mib * MIB, level: 0.95, trials };
  const end = (value: number | null): number | null => (value === null ? null : value * MIB);
  return { peakBytes: { point: mib * MIB, low: end(low), high: end(high), ...spread } };
}

const EXTREMES = {
  'one trial': [
    cell('x', 'single', sized(60, null, peak(60, null, null, 1))),
    cell('x', 'cluster', sized(118, 33, peak(118, null, null, 1))),
  ],
  'eight models with 64 workers': Array.from({ length: 8 }, (_, i) => ({
    ...cell('x', `a-model-with-a-long-name-${i}`, sized(1500 + 380 * i, i % 2 === 0 ? 40 + 90 * i : null)),
    workers: 64,
  })),
  'a tiny front, and a giant beside dwarfs': [
    cell('x', 'single', sized(60)),
    cell('x', 'cluster', sized(118, 0.6)),
    cell('x', 'fork-pool', sized(3000, 44)),
  ],
  'an interval beyond the axis': [
    cell('x', 'single', sized(60, null, peak(60, 2, 9000))),
    cell('x', 'cluster', sized(118, 33, peak(118, 40, 300))),
    givenUpCell('x', 'fork-pool', '2 requests had no reply within 10 s'),
  ],
  'sizes of two kinds': [
    cell('x', 'single', sized(60)),
    cell('x', 'cluster', sized(260, 70, { kind: 'rss' })),
    cell('x', 'fork-pool', sized(130, 44)),
  ],
  'no memory at all': [cell('x', 'single', sized(0)), cell('x', 'cluster', sized(0, 0))],
};

const drawn = (source: ReturnType<typeof scenario>) =>
  drawnOf(memory.draw({ scenario: source, summary: summaryOf(source) }));

test('figures, bars and whiskers stand in the rows of their models', async () => {
  const image = await drawn(scenario('cpu'));
  expect(tableOf(image)).toEqual({
    single: ['40.8', '58.3', '57.9–58.7'],
    cluster: ['78.4', '112', '111–113'],
    'fork-pool': ['86.8', '124', '123–125'],
    'worker-threads': ['62.2', '88.9', '88.2–89.6'],
  });
  expect(spans(image, /^(single|worker-threads): [\d.]+ MiB at its peak/u)).toEqual({
    single: [0, 58.3],
    'worker-threads': [0, 88.9],
  });
  expect(spans(image, /^(single|worker-threads): [\d.]+ MiB idle/u)).toEqual({
    single: [0, 40.8],
    'worker-threads': [0, 62.2],
  });
  expect(whiskersOf(image)).toMatchObject({
    single: { low: 57.9, high: 58.7, goesOn: false },
    'fork-pool': { low: 123, high: 125, goesOn: false },
  });
  expect(image.words.filter((word) => word === 'idle')).toHaveLength(4);
});

/** Of the thick or the thin bars, the ends of all parts and how strong each is, in their order. */
function partsOf({ marks }: Drawn, words: string) {
  return marks.filter((mark) => mark.words.includes(words));
}

describe.each(Object.entries(EXTREMES))('%s', (_, cells) => {
  test('is drawn without texts that overlap or leave the image', async () => {
    expect(illegible(await drawn(scenarioOf(...cells)))).toEqual([]);
  });
});

test('bars start at zero, and a bar is as long as its figure', async () => {
  const bars = spans(await drawn(scenarioOf(cell('x', 'single', sized(60)))), /MiB (.{4})/u);
  expect(bars).toEqual({ 'at i': [0, 60], idle: [0, 42] });
});

test('front and workers are parts that add up to the whole, and say what they are', async () => {
  const image = await drawn(scenarioOf(cell('x', 'cluster', sized(118, 33))));
  const { svg } = image;
  const { valueAt } = axisOf(image);
  for (const [words, front, whole] of [
    ['peak', 33, 118],
    ['idle', 26.4, 82.6],
  ] as const) {
    const parts = partsOf(image, words);
    const ends = parts.map(({ left, right }) => [left, right].map((at) => rounded(valueAt(at))));
    expect(ends).toEqual([
      [0, front],
      [front, whole],
    ]);
    expect(parts.map(({ fillOpacity }) => fillOpacity)).toEqual([0.38, 1]);
  }
  expect(svg).toContain('>front 33.0<');
  expect(svg).toContain('>workers 85.0<');
  expect(svg).toContain('Fainter part of a bar: the front end');
});

test('a bar of one part says nothing of parts', async () => {
  const { svg } = await drawn(scenarioOf(cell('x', 'worker-threads', sized(93))));
  expect(svg).not.toMatch(/Fainter part|front \d|workers \d+\./u);
});

test('parts without room for their words are told above the bar', async () => {
  const { svg } = await drawn(scenarioOf(...EXTREMES['a tiny front, and a giant beside dwarfs']));
  expect(svg).toContain('>front 0.600 · workers 117<');
  expect(svg).toContain('>front 44.0 · workers 2,956<');
  expect(svg).not.toContain('>front 44.0<');
});

test('a whisker on the words of a part sends them above the bar', async () => {
  const { svg } = await drawn(scenarioOf(...EXTREMES['an interval beyond the axis']));
  expect(svg).toContain('>front 33.0 · workers 85.0<');
});

test('an interval far wider than its trials is cut off instead of squeezing the bars', async () => {
  const image = await drawn(scenarioOf(...EXTREMES['an interval beyond the axis']));
  expect(whiskersOf(image)['cluster']).toEqual({ low: 40, high: rounded(118 * 1.5 * 1.04), goesOn: true });
  expect(arrowheadsOf(image)).toBe(2);
  expect(image.svg).toContain('Arrowhead: the interval goes on beyond this axis.');
});

test('an interval that ends on the axis has no arrowhead', async () => {
  const image = await drawn(scenarioOf(cell('x', 'single', sized(60, null, peak(60, 50, 89)))));
  expect(image.svg).toContain('Whisker');
  expect(arrowheadsOf(image)).toBe(0);
  expect(image.svg).not.toContain('Arrowhead');
});

test('an interval that says nothing is called so, with the meaning', async () => {
  const { svg } = await drawn(scenarioOf(...EXTREMES['an interval beyond the axis']));
  expect(svg).toContain('>unsettled<');
  expect(svg).toContain('Pale and dashed, unsettled: the trials disagree so much');
});

test('one trial has no whisker', async () => {
  const image = await drawn(scenarioOf(...EXTREMES['one trial']));
  expect(whiskersOf(image)).toEqual({});
  expect(image.svg).not.toContain('Whisker');
});

test('which size it is stands on the axis and in the notes', async () => {
  const pss = await drawn(scenarioOf(cell('x', 'single', sized(60))));
  expect(pss.svg).toContain('memory of all server processes in MiB (PSS)');
  expect(pss.svg).toContain('PSS, proportional set size');
  const rss = await drawn(scenarioOf(cell('x', 'single', sized(60, null, { kind: 'rss' }))));
  expect(rss.svg).toContain('memory of all server processes in MiB (RSS)');
  expect(rss.svg).not.toContain('PSS');
  expect(rss.svg).not.toContain('stroke-dasharray="4,3"');
});

test('where sizes of two kinds meet, those of the other kind are drawn apart and say so', async () => {
  const { svg, alt } = await drawn(scenarioOf(...EXTREMES['sizes of two kinds']));
  expect(svg).toContain('RSS, not to be compared with PSS · front 70.0 · workers 190');
  expect(svg).toContain('stroke-dasharray="4,3"');
  expect(svg).toContain('Bars of two kinds are not comparable.');
  expect(alt).toContain('PSS and RSS, which are not comparable');
});

test('every bar has words of its own', async () => {
  const { svg } = await drawn(scenarioOf(cell('x', 'cluster', sized(118, 33))));
  expect(svg).toMatch(/aria-label="cluster: 118 MiB at its peak \(\d+–\d+\): front 33\.0, workers 85\.0"/u);
  expect(svg).toMatch(/aria-label="cluster: 82\.6 MiB idle: front 26\.4, workers 56\.2"/u);
});

test('a model without a valid trial keeps its row', async () => {
  const { svg, alt } = await drawn(scenario('io'));
  expect(svg).toContain('given up after 3 failed trials: 2 requests had no reply within 10 s');
  expect(alt).toContain('fork-pool given up after 3 failed trials');
});
