import { expect, test } from 'vitest';
import {
  apartText,
  chartFigure,
  chartTitle,
  type DrawnChart,
  lighter,
  type PageChart,
  type ReportChart,
} from './figure.ts';

const chart: DrawnChart = {
  kind: 'drawn',
  name: 'cpu-per-request',
  scenario: 'cpu',
  svg: '<svg><path fill="#16202a"/></svg>',
  alt: 'single 5 ms',
  file: 'cpu-per-request-cpu',
};

test('links to the files beside the page', () => {
  const markup = chartFigure(chart, 'cpu ms=10', 'charts-1-1');
  const links = [...markup.matchAll(/href="([^"]*)"/gu)].map(([, link]) => link);
  expect(links).toEqual(['.svg', '.png', '@2x.png', '.vl.json'].map((ending) => `./cpu-per-request-cpu${ending}`));
  expect(markup).toContain('aria-label="PNG 2× of CPU per request, cpu ms=10"');
});

test('the image follows the theme and has its words', () => {
  const markup = chartFigure(chart, 'cpu ms=10', 'charts-1-1');
  expect(markup).toContain('<svg role="img" aria-label="single 5 ms"><path fill="var(--c-16202a)"/></svg>');
});

test('says which chart it is, for the choice', () => {
  const markup = chartFigure(chart, 'cpu ms=10', 'charts-1-1');
  expect(markup).toContain('<figure id="charts-1-1" data-chart="cpu-per-request" data-title="CPU per request">');
  expect(chartTitle('requests-per-worker')).toBe('Requests per worker');
  expect(chartFigure({ ...chart, part: 'light requests' }, 'cpu', 'c')).toContain('data-title="CPU per request">');
});

test('is never narrower than its words can be read', () => {
  const svg = '<svg width="960"><text font-size="15px">a</text></svg>';
  expect(chartFigure({ ...chart, svg }, 'cpu', 'c')).toContain(
    '<svg role="img" aria-label="single 5 ms" style="min-width:480px"',
  );
});

test('a chart that is not on the page keeps its place, its words and its files', () => {
  const { name, scenario, alt } = chart;
  const markup = chartFigure(
    { kind: 'apart', name, scenario, alt, file: 'cpu-per-request-cpu' },
    'cpu ms=10',
    'charts-1-1',
  );
  expect(markup).toContain('<figure id="charts-1-1" data-chart="cpu-per-request"');
  expect(markup).toContain(
    'Too large for this page: see <a href="./cpu-per-request-cpu.svg">cpu-per-request-cpu.svg</a>.',
  );
  expect(markup).toContain('<p>single 5 ms</p>');
  expect(markup).toContain('href="./cpu-per-request-cpu@2x.png"');
  expect(markup).not.toMatch(/<svg|scroll/u);
});

test('an image without files has no links to any', () => {
  expect(chartFigure(chart, 'cpu ms=10', 'charts-1-1')).toContain('class="files"');
  expect(chartFigure({ ...chart, file: null }, 'cpu ms=10', 'charts-1-1')).not.toContain('<a ');
});

test('hostile names stay in their attributes', () => {
  const name = '--><svg onload="alert(1)">';
  const markup = chartFigure({ ...chart, name, alt: name, file: name }, name, 'charts-1-1');
  expect(markup.match(/<svg/gu)).toHaveLength(1);
  expect(markup).not.toContain('-->');
  const apart = chartFigure({ kind: 'apart', name, scenario: name, alt: name, file: name }, name, 'charts-1-1');
  expect(apart).not.toMatch(/<svg|-->/u);
});

function sized(name: string, bytes: number, scenario: string | null = 'cpu'): ReportChart {
  return { kind: 'drawn', name, scenario, svg: `<svg>${'x'.repeat(bytes)}</svg>`, alt: name, file: name };
}

function apart(charts: readonly PageChart[]): string[] {
  return charts.flatMap(({ kind, name }) => (kind === 'apart' ? [name] : []));
}

const charts = [sized('overview', 90_000, null), sized('a', 20_000), sized('b', 50_000), sized('c', 20_000)];

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
