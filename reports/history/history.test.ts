/** What is printed and drawn of a history. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { historyFormats } from '../../harness/commands/formats.ts';
import { changedOn, lineOf } from '../../harness/judge/history/fixtures/lines.ts';
import { historyView } from '../../harness/judge/history/view.ts';
import { historySchema } from '../../harness/judge/schema/history.ts';
import { renderSvg } from '../images/render.ts';
import { historyChart } from './chart.ts';

const lines = changedOn(8, 1.1, 12);
const view = historyView(lines, { branch: undefined, metrics: ['cpu-per-request'] });
const both = historyView(lines, { branch: undefined, metrics: ['cpu-per-request', 'throughput'] });

const look = { colour: false, width: 100, strict: false, detail: false };
const print = async (format: string, of = view) => (await historyFormats[format]?.(of, look)) ?? '';

test('text', async () => {
  expect(await print('text')).toMatchSnapshot();
});

test('markdown', async () => {
  expect(await print('markdown')).toMatchSnapshot();
});

test('json is the history itself', async () => {
  expect(historySchema.parse(JSON.parse(await print('json')))).toEqual(view);
});

test('text has the newest runs, and counts the others', async () => {
  const long = historyView(changedOn(20, 1.1, 50), { branch: undefined, metrics: ['cpu-per-request'] });
  expect(await print('text', long)).toContain('… 20 earlier runs');
});

describe('hostile names', () => {
  const evil = 'a|b<img>\n::error::x\u001b[31m';
  const hostile = historyView(
    Array.from({ length: 8 }, (_, i) => lineOf(i, { [evil]: i < 4 ? 1 : 2 }, { branch: evil })),
    { branch: undefined, metrics: ['cpu-per-request'] },
  );
  test.each(['text', 'markdown', 'github-action-benchmark', 'bencher'])('%s', async (format) => {
    const text = await print(format, hostile);
    expect(text).toContain('error::x');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|^::error/m);
  });
});

describe('formats of dashboards: the newest run', () => {
  test('github-action-benchmark, customSmallerIsBetter', async () => {
    // As the examples of its custom tools have it.
    const entry = z.strictObject({
      name: z.string(),
      unit: z.string(),
      value: z.number(),
      range: z.string().optional(),
      extra: z.string().optional(),
    });
    const entries = z.array(entry).parse(JSON.parse(await print('github-action-benchmark')));
    expect(entries.map(({ name, unit }) => [name, unit])).toEqual([
      ['cpu/single CPU per request', 'ms'],
      ['cpu/cluster CPU per request', 'ms'],
    ]);
    expect(entries[1]?.value).toBeCloseTo(8.8, 0);
    expect(entries[1]?.range).toMatch(/^± 0\.\d+$/);
  });

  test('less as better and more as better do not go into one file', async () => {
    await expect(print('github-action-benchmark', both)).rejects.toThrow('give throughput alone');
  });

  test('Bencher Metric Format', async () => {
    // https://bencher.dev/bmf.json
    const metric = z.object({ value: z.number(), lower_value: z.number(), upper_value: z.number() });
    const printed = z.record(z.string(), z.record(z.string(), metric)).parse(JSON.parse(await print('bencher', both)));
    expect(Object.keys(printed)).toEqual(['cpu/single', 'cpu/cluster']);
    expect(Object.keys(printed['cpu/single'] ?? {})).toEqual(['cpu-per-request', 'throughput']);
    const { value = 0, lower_value = 0, upper_value = 0 } = printed['cpu/single']?.throughput ?? {};
    expect(lower_value < value && value < upper_value).toBe(true);
  });
});

test('the chart has a panel per series, its runs and its changes, and says them', async () => {
  const drawing = historyChart(view, 'cpu-per-request');
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  const svg = await renderSvg(drawing.spec);
  expect(svg.match(/cpu\/(?:single|cluster) at \w{7}: /gu)).toHaveLength(24);
  expect(svg).toContain('▲ ');
  expect(drawing.alt).toContain('between 0808080 and 0909090: cpu/cluster takes');
});
