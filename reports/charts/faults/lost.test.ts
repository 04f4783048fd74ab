import { expect, test } from 'vitest';
import { faultOf } from '../../../harness/fixtures/faults.ts';
import { drawnOf, illegible } from '../../fixtures/drawn.ts';
import { faultedReport, faultedRun } from '../../fixtures/faults.ts';
import { summary } from '../../fixtures/summary.ts';
import { HOSTILE } from '../../fixtures/variants.ts';
import lost from './lost.ts';

const report = faultedReport(faultedRun([faultOf('kill'), faultOf('block'), faultOf('reload'), faultOf('crash')]));

test('every fault is a column, every model a row, with the figure of each', async () => {
  const { words, alt } = await drawnOf(lost.draw(report));
  expect(words).toEqual(expect.arrayContaining(['kill', 'block=1s', 'reload', 'crash', 'cluster without restart']));
  expect(words.filter((word) => word === 'single')).toHaveLength(2);
  expect(words.filter((word) => /^≥[\d,]+$/u.test(word))).toHaveLength(2);
  expect(alt).toMatch(/kill: .*single ≥[\d,]+.*; block=1s: /u);
});

test.each([320, 400, 960, 1600])('is legible at %i pixels', async (px) => {
  const drawing = lost.draw({ ...report, canvas: { size: { kind: 'width', px }, title: null, subtitle: null } });
  expect(illegible(await drawnOf(drawing))).toEqual([]);
});

test('names are drawn as text', async () => {
  const { svg } = await drawnOf(lost.draw(faultedReport(faultedRun([faultOf('kill')], [HOSTILE, 'cluster']))));
  expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
});

test('is nothing to speak of without faults', () => {
  expect(lost.isFor?.(summary)).toBe(false);
  expect(lost.draw({ summary })).toMatchObject({ kind: 'omitted' });
});
