import { scenarioWords } from '../../harness/judge/words.ts';
import { describe, expect, test } from 'vitest';
import { isRankable } from '../../harness/judge/bottleneck/limited-by.ts';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { type Canvas, DEFAULT_CANVAS } from '../drawing/canvas.ts';
import { INK, modelColours } from '../drawing/theme.ts';
import { answered, cell, compared, estimated, result } from '../fixtures/build.ts';
import { type Drawn, drawnOf, illegible } from '../fixtures/drawn.ts';
import { summary } from '../fixtures/summary.ts';
import { HOSTILE, hostileSummary, resultWith, scenario, scenarioOf, summaryOf } from '../fixtures/variants.ts';
import { renderSvg } from '../images/render.ts';
import { figure } from '../words/figures.ts';
import overview from './overview.ts';

const MODELS = ['single', 'cluster', 'fork-pool', 'worker-threads', 'my-pool', 'green-threads', 'seventh', 'eighth'];

function drawn(input: Summary, canvas?: Canvas) {
  const drawing = overview.draw({ summary: input, canvas });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing;
}

/** The words of an image in their order. */
async function wordsOf(input: Summary, canvas?: Canvas): Promise<string[]> {
  return [...(await drawnOf(drawn(input, canvas))).words];
}

/** Models of which each serves a third more than the one before. */
function graded(name: string, rate: number, models: readonly string[]): ScenarioSummary {
  const cells = models.map((model, turn) => {
    const own = rate * (1 + turn / 3);
    const figures = { latency: [1, 2, 3, null, 5], cpu: 1, mib: 50, by: 'workers' } as const;
    return cell(name, model, result({ ...figures, rate: [own, own * 0.98, own * 1.02], turn }));
  });
  return { ...scenario('hello'), id: name, name, cells, comparisons: [...compared(cells)], ...answered(cells) };
}

function failing(one: ScenarioSummary, except: string | null): ScenarioSummary {
  const cells = one.cells.map((own) => (own.model === except ? own : cell(one.id, own.model, null)));
  return { ...one, cells, comparisons: [...compared(cells)], ...answered(cells) };
}

const lone = (name: string, model: string) => failing(scenario(name), model).cells.filter((one) => one.model === model);
const many = Array.from({ length: 10 }, (_, i) => graded(`scenario-${i + 1}`, 0.5 * 7 ** i, MODELS));
const long = { ...scenario('cpu'), inWords: 'a-name-that-has-no-place-to-break-and-goes-on-for-ever-and-ever' };
const cases: [string, Summary][] = [
  ['three scenarios', summary],
  ['one scenario and one model', summaryOf({ ...scenario('cpu'), cells: lone('cpu', 'cluster'), comparisons: [] })],
  ['8 × 6', summaryOf(...many.slice(0, 8).map((one) => ({ ...one, cells: one.cells.slice(0, 6) })))],
  [
    'long names',
    summaryOf(long, { ...scenario('hello'), inWords: 'one that is long as well, with places to break it' }),
  ],
  ['all failed but one', summaryOf(failing(scenario('cpu'), 'cluster'), failing(scenario('io'), null))],
  ['two answered scenarios', summaryOf(scenario('cpu'), graded('graded', 60, MODELS.slice(0, 4)))],
];

/** Where the bars of a card begin and how long they are, in pixels, by the name of their row. */
function barsOf({ marks }: Drawn, scenario: string): Record<string, { left: number; length: number }> {
  const own = marks.filter(({ words, kind }) => words.startsWith(`${scenario}, `) && kind === 'path');
  return Object.fromEntries(
    own.map(({ words, left, right }) => [
      words.slice(scenario.length + 2, words.indexOf(': ')),
      { left, length: right - left },
    ]),
  );
}

describe.each(cases)('a card of %s', (_, input) => {
  test('is legible, of the size that sites show', async () => {
    const image = await drawnOf(drawn(input));
    expect([image.width, image.height]).toEqual([1200, 630]);
    expect(illegible(image)).toEqual([]);
  });

  test('has bars as long as their figures, in the colours of the models', async () => {
    const image = await drawnOf(drawn(input));
    const colourOf = modelColours(input);
    for (const one of input.scenarios) {
      const title = scenarioWords(one);
      const bars = barsOf(image, title);
      if (one.cells.every(({ id }) => /^(?:hello|io)\//u.test(id))) {
        expect(bars).toEqual({});
        continue;
      }
      const measured = one.cells.flatMap(({ model, result }) => (result === null ? [] : [{ model, result }]));
      const [first] = measured;
      expect(Object.keys(bars).toSorted()).toEqual(measured.map(({ model }) => model).toSorted());
      for (const { model, result } of measured) {
        const [bar, unit] = [bars[model], bars[first?.model ?? '']];
        const times = result.requestsPerSec.point / (first?.result.requestsPerSec.point ?? 1);
        expect((bar?.length ?? 0) - times * (unit?.length ?? 0)).toBeCloseTo(0, -1);
        expect(bar?.left).toBe(unit?.left);
        const mark = image.marks.find(({ words }) => words.startsWith(`${title}, ${model}: `));
        expect(mark?.fill).toBe(colourOf(model));
        expect(mark?.dash).toBe(isRankable(result.limitedBy) ? null : '4,3');
      }
    }
  });
});

test('what belongs to a cell stands in its column and its row: figure, remark and whisker', async () => {
  const both = summaryOf(scenario('cpu'), graded('graded', 60, MODELS.slice(0, 4)));
  const image = await drawnOf(drawn(both));
  for (const one of both.scenarios) {
    const title = scenarioWords(one);
    const column = image.texts.find(({ text }) => text === title);
    const bars = barsOf(image, title);
    for (const [model, { left, length }] of Object.entries(bars)) {
      const [bar] = image.marks.filter(({ words }) => words.startsWith(`${title}, ${model}: `));
      expect(column?.left).toBeCloseTo(left, 0);
      const name = image.texts.find(({ text }) => text === model);
      const result = one.cells.find((own) => own.model === model)?.result;
      const above = image.texts.filter(
        (text) =>
          Math.abs(text.left - left) < 2 && text.bottom < (bar?.top ?? 0) + 6 && text.top > (bar?.top ?? 0) - 60,
      );
      expect(above.map(({ text }) => text).join(' ')).toContain(`${figure(result?.requestsPerSec.point ?? 0)}/s`);
      expect(Math.abs((name?.top ?? 0) - (bar?.top ?? 0))).toBeLessThan(60);
      const middle = ((bar?.top ?? 0) + (bar?.bottom ?? 0)) / 2;
      const [whisker] = image.marks.filter(
        ({ kind, stroke, top, left: start, right: end }) =>
          kind === 'line' &&
          stroke === INK.strong &&
          Math.abs(top - middle) < 1 &&
          end > start &&
          start > left &&
          start < left + 1.2 * length,
      );
      const { low, point } = result?.requestsPerSec ?? { low: null, point: 1 };
      expect(((whisker?.left ?? 0) - left) / length).toBeCloseTo((low ?? 0) / point, 1);
    }
  }
});

test('the physical limit is a dashed line at its figure, beside the bars of its scenario only', async () => {
  const image = await drawnOf(drawn(summary));
  const { left = 0, length = 0 } = barsOf(image, '10 ms of CPU per request')['cluster'] ?? {};
  const limits = image.marks.filter(({ kind, dash }) => kind === 'line' && dash === '4,3');
  const cpu = limits.filter((limit) => limit.left > left && limit.left < left + 2 * length);
  expect(cpu).toHaveLength(4);
  const rate = scenario('cpu').cells.find(({ model }) => model === 'cluster')?.result?.requestsPerSec.point ?? 1;
  for (const limit of cpu) expect(((limit.left - left) / length) * rate).toBeCloseTo(199, 0);
  expect(image.words).toContain('limit 199/s');
});

/** A scenario that is answered although one of its models could not be ranked. */
const partly = { ...scenario('hello'), decision: scenario('cpu').decision };

test('the foot says how to read what occurs', async () => {
  const words = (await wordsOf(summaryOf(scenario('cpu'), partly))).join(' ');
  expect(words).toContain('Not ranked: not shown to be limited by the server.');
  expect(words).toContain('≈: implied by CPU time.');
  expect(words).toContain('Dashed line: physical limit.');
  expect((await wordsOf(summaryOf(scenario('cpu')))).join(' ')).not.toMatch(/Not ranked|≈/u);
});

test.each<[string, Summary]>([
  ['hostile text', hostileSummary()],
  ['one trial', summaryOf(scenarioOf(cell('x', 'single', resultWith({ requestsPerSec: estimated([5, 5, 5], 1) }))))],
  ['no request answered', summaryOf(graded('none', 0, ['single', 'cluster']))],
  ['more than there is room for', summaryOf(...many)],
])('can be drawn: %s', async (_, input) => {
  await expect(renderSvg(drawn(input).spec)).resolves.toMatch(/^<svg[^>]+width="1200" height="630"/u);
});

test('hostile text is drawn as text', async () => {
  const svg = await renderSvg(drawn(hostileSummary()).spec);
  expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
  expect(svg).not.toContain('\u001b');
  expect(drawn(hostileSummary()).alt).not.toContain(HOSTILE);
});

test('is left out when no scenario has anything that may be ranked', () => {
  const none = summaryOf(failing(scenario('cpu'), null), scenario('io'));
  const reason = 'no scenario has a model that may be ranked';
  expect(overview.draw({ summary: none })).toEqual({ kind: 'omitted', reason });
});

test('a scenario without an answer has a line in grey and no bars, beside others that have one', async () => {
  const image = await drawnOf(drawn(summary));
  const lines = image.texts.filter(({ fill, size }) => fill === INK.quiet && size === 18).map(({ text }) => text);
  expect(lines).toEqual(
    expect.arrayContaining([
      'a constant reply: not decided, 15,240 to 63,412 requests/s',
      '20 ms of waiting per request: nothing is ranked, 2,986 to 3,068 requests/s',
    ]),
  );
  expect(image.marks.filter(({ words }) => /^(?:a constant|20 ms)/u.test(words))).toEqual([]);
});

describe('the words', () => {
  test('give each figure, and how far it is behind the best', async () => {
    const words = await wordsOf(summaryOf(scenario('cpu'), partly));
    expect(words).toEqual(expect.arrayContaining(['195/s', '≤ 1.3% behind', '40,180/s', '47–52% behind']));
    expect(words).toEqual(expect.arrayContaining(['63,412/s', 'not ranked, ≈134,000']));
  });

  test('name every model once, in its colour', async () => {
    const svg = await renderSvg(drawn(summary).spec);
    const colourOf = modelColours(summary);
    for (const model of MODELS.slice(0, 4)) {
      const named = [...svg.matchAll(new RegExp(`<text[^>]*fill="([^"]+)"[^>]*>${model}</text>`, 'gu'))];
      expect(named.map(([, fill]) => fill)).toEqual([colourOf(model)]);
    }
  });

  test('answer over all scenarios above, and each below its name', async () => {
    const words = await wordsOf(summary);
    expect(words.slice(0, 2).join(' ')).toBe(
      'Take worker-threads for 10 ms of CPU per request (2.0× a single process). Not decided: a constant reply and 20 ms of waiting per request',
    );
    expect(words).toContain('take worker-threads; fork-pool and cluster are as good');
  });

  test('ask the question where the answer is longer than a title can be', async () => {
    expect((await wordsOf(summaryOf(...many)))[0]).toBe('Which concurrency model?');
  });

  test('become figures where there is little room, and these are explained', async () => {
    const words = await wordsOf(summaryOf(...many));
    expect(words.some((word) => /^\d+–\d+%$/u.test(word))).toBe(true);
    expect(words.join(' ')).toContain('%: behind the best; ≤: at most.');
    expect((await wordsOf(summary)).join(' ')).toContain('Behind: how far below the best; ≤: at most.');
  });

  test('say what there was no room for', async () => {
    expect((await wordsOf(summaryOf(...many))).join(' ')).toContain(
      'And 2 more scenarios and 2 more models in the report.',
    );
  });

  test('tell the conditions', async () => {
    const words = (await wordsOf(summary)).join(' ');
    expect(words).toContain('Node 22.12.0 · AMD EPYC 7B13 · 4 of 8 CPUs (affinity)');
    expect(words).toContain('2 workers · 64 connections · 3–5 trials per model · 2026-01-15 · fourways\u00a00.1.0');
  });
});

test('what is not known makes no claim', async () => {
  const cells = ['single', 'cluster'].map((model) => cell('x', model, resultWith({})));
  const open = { ...scenarioOf(...cells), answers: [], decision: null };
  const words = await wordsOf(summaryOf(open));
  expect(words).toContain('not decided');
  expect(words.join(' ')).not.toMatch(/ehind|best/u);
});

test('cells of one model have rows of their own', async () => {
  const cells = [64, 256].flatMap((connections) =>
    ['single', 'cluster'].map((model, turn) => {
      const rate = connections / 2 + 100 * turn;
      const figures = { latency: [1, 2, 3, null, 5], cpu: 1, mib: 50, by: 'workers', turn } as const;
      const measured = result({ ...figures, rate: [rate, rate * 0.99, rate * 1.01] });
      return { ...cell('x', model, measured), id: `x/${model}/${connections}`, connections };
    }),
  );
  const words = await wordsOf(summaryOf(scenarioOf(...cells)));
  expect(words.filter((word) => ['64 c', '256 c', '32.0/s', '132/s', '128/s', '228/s'].includes(word))).toEqual([
    ...['256 c', '64 c', '256 c', '64 c'],
    ...['228/s', '132/s', '128/s', '32.0/s'],
  ]);
  expect(words.filter((word) => / behind$|^best$/u.test(word))).toHaveLength(4);
});

test('bars tell their figures, and the alternative text is the answer with the figures', () => {
  const { spec, alt } = drawn(summary);
  const told = 'cluster: 195 requests/s (195–196), ≤ 1.3% behind';
  expect(JSON.stringify(spec)).toContain(`"description":"10 ms of CPU per request, ${told}"`);
  expect(alt).toMatch(/^Overview: Take worker-threads for 10 ms of CPU per request .* \(requests per second: .*\)\.$/u);
  expect(alt).toContain('10 ms of CPU per request: worker-threads 196, fork-pool 196, cluster 195, single 98.7');
  expect(alt).toContain('a constant reply: not decided, 15,240 to 63,412 requests/s');
});

test('a plain one has no notes, and one line at the foot', async () => {
  const words = await wordsOf(summary, { ...DEFAULT_CANVAS, isPlain: true });
  expect(words.join(' ')).not.toMatch(/Behind:|workers ·/u);
  expect(words.join(' ')).toContain('Node 22.12.0');
});

describe('a canvas', () => {
  test('of a slide is 16:9', async () => {
    const canvas: Canvas = { size: { kind: 'slide' }, title: null, subtitle: null };
    expect(drawn(summary, canvas).spec).toMatchObject({ width: 1200, height: 675 });
  });

  test('has its own title and subtitle, and how to read the image is told below', async () => {
    const canvas: Canvas = { size: { kind: 'width', px: 700 }, title: 'My talk', subtitle: 'Berlin' };
    const words = await wordsOf(summaryOf(scenario('cpu')), canvas);
    expect(words.slice(0, 2)).toEqual(['My talk', 'Berlin']);
    expect(words.join(' ')).toContain('Whisker: 95% interval over trials.');
    expect(words).toContain('take worker-threads; fork-pool and cluster are as good');
  });
});

/** Sizes of the texts of an image in pixels. */
async function sizesOf(input: Summary): Promise<number[]> {
  const svg = await renderSvg(drawn(input).spec);
  return [...svg.matchAll(/<text[^>]*font-size="([\d.]+)px"/gu)].map(([, size]) => Number(size));
}

test.each(cases)('nothing is too small for a card that is shown at half its size: %s', async (_, input) => {
  const sizes = await sizesOf(input);
  expect(sizes.length).toBeGreaterThan(7);
  expect(Math.min(...sizes.filter((size) => size !== 16))).toBeGreaterThanOrEqual(18);
});

test('where its first scenario had CPUs of its own, the foot is still of the run', async () => {
  const place = { kind: 'isolated', generators: 1, why: 'automatic', serverCpus: [0], generatorCpus: [1] } as const;
  const first = scenario('cpu');
  const pinned = { ...first, pinned: true, cells: first.cells.map((one) => ({ ...one, placement: place })) };
  const other = { ...first, id: 'other', name: 'other' };
  const words = (await wordsOf(summaryOf(pinned, other))).join(' ');
  expect(words).toContain('generator on the same CPUs, but for cpu');
  expect(words).not.toMatch(/server on 1|on its own CPU/u);
});
