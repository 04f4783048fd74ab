/** The chart of a change, and the page that it is on. */
import { expect, test } from 'vitest';
import { cellOf } from '../../harness/fixtures/run.ts';
import { compareRuns } from '../../harness/judge/change/compare.ts';
import { around, asked, type CellFigures, runOf } from '../../harness/judge/fixtures/two-runs.ts';
import type { Change } from '../../harness/judge/schema/change.ts';
import { summarise } from '../../harness/judge/summary.ts';
import { coloursOf } from '../fixtures/drawn.ts';
import { renderSvg } from '../images/render.ts';
import { themed } from '../images/themes.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { changeChart } from './chart.ts';
import { changePage } from './page.ts';

const how = { ...asked, pairing: 'duet' as const, control: 'none' as const };
const cells = (factor: number, from: number): readonly CellFigures[] => [
  {
    cell: cellOf('single', { scenario: 'GET /products' }),
    perSec: around(100, from),
    cpuMs: around(10 * factor, from + 3),
  },
  { cell: cellOf('single', { scenario: 'GET /report' }), perSec: around(50, from), cpuMs: around(20, from + 3) },
];
const [base, head] = [runOf(cells(1, 0)), runOf(cells(1.2, 2))];
const change = compareRuns(base, head, how);

function drawn(of: Change) {
  const drawing = changeChart(of);
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return drawing;
}

test('shape and colour tell what is worse, and words tell it to those who see neither', async () => {
  const { spec, alt } = drawn(change);
  const svg = await renderSvg(spec);
  expect(alt).toMatch(
    /^Forest plot of a change: worse: GET \/products \+.*GET \/report · CPU per request .* at most /s,
  );
  expect(svg).toContain('Diamond: worse. Circle: no regression.');
  expect(svg).toContain('GET /products · CPU per request: +');
  expect(svg.match(/worse →|← better|within the margin/g)).toHaveLength(3);
});

test('on dark paper every colour has its own', async () => {
  const light = coloursOf({ svg: await renderSvg(drawn(change).spec) });
  const dark = coloursOf({ svg: await renderSvg(themed(drawn(change).spec, 'dark')) });
  expect(dark.size).toBe(light.size);
  expect([...dark].filter((colour) => light.has(colour))).toEqual([]);
});

test('where nothing could be judged there is no chart', () => {
  const none = change.cells.map((cell) => ({
    ...cell,
    comparisons: cell.comparisons.map((one) => ({ ...one, gate: null, ratio: null })),
  }));
  expect(changeChart({ ...change, cells: none })).toMatchObject({ kind: 'omitted' });
});

test('the page has the decision, the chart, both sides, and a place for what got slower', async () => {
  const { spec, alt } = drawn(change);
  const chart = {
    kind: 'drawn',
    name: 'change',
    scenario: null,
    svg: await renderSvg(spec),
    alt,
    file: 'change',
  } as const;
  const { summary: sides } = sideBySide([
    { label: 'base', summary: summarise(base) },
    { label: 'head', summary: summarise(head) },
  ]);
  const assets = { style: '', script: '', policy: '' };
  const slower = [
    {
      cell: 'GET /products/single',
      functions: [{ name: '<anonymous>', where: 'a.js:1', baseMs: 1, headMs: 2 }],
      profiles: { base: [], head: [] },
    },
  ];
  const flameGraph = '<div id="flames"></div>';
  const page = changePage(
    { change: { ...change, slower, again: 'npx fourways ab' }, sides, chart, flameGraph },
    assets,
  );
  expect(page).toMatch(/<p class="result">✗ worse: GET \/products \+/);
  expect(page).toMatch(/href="\.\/change\.svg"/);
  expect(page).toMatch(/<h2 id="slower">What got slower<\/h2>[\s\S]*&lt;anonymous&gt;[\s\S]*<div id="flames"><\/div>/);
  expect(page).toContain('base: ');
  expect(page).toContain('Again: npx fourways ab');
});
