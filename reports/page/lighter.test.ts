import { expect, test } from 'vitest';
import { apartText, lighter } from './lighter.ts';
import type { PageChart, ReportChart } from './report-chart.ts';

function chart(name: string, bytes: number, scenario: string | null = 'cpu'): ReportChart {
  return { kind: 'drawn', name, scenario, svg: `<svg>${'x'.repeat(bytes)}</svg>`, alt: name, file: name };
}

function apart(charts: readonly PageChart[]): string[] {
  return charts.flatMap(({ kind, name }) => (kind === 'apart' ? [name] : []));
}

const charts = [chart('overview', 90_000, null), chart('a', 20_000), chart('b', 50_000), chart('c', 20_000)];

test('the largest goes first, of equal ones the first, and the image of the whole run last', () => {
  expect(apart(lighter(charts, 1))).toEqual(['b']);
  expect(apart(lighter(charts, 60_000))).toEqual(['a', 'b']);
  expect(apart(lighter(charts, 80_000))).toEqual(['a', 'b', 'c']);
  expect(apart(lighter(charts, 1e6))).toEqual(['overview', 'a', 'b', 'c']);
});

test('what was left out stays left out, and all stay in their places', () => {
  const all: ReportChart[] = [{ kind: 'omitted', name: 'x', scenario: 'cpu', reason: 'none' }, ...charts];
  expect(lighter(all, 60_000).map(({ name }) => name)).toEqual(['x', 'overview', 'a', 'b', 'c']);
  expect(lighter(all, 60_000)[0]).toBe(all[0]);
});

test('says how many are missing', () => {
  expect(apartText(charts)).toBeNull();
  expect(apartText(lighter(charts, 1))).toMatch(/^The largest chart is not drawn on this page/u);
  expect(apartText(lighter(charts, 60_000))).toMatch(/^The 2 largest charts are not drawn/u);
});
