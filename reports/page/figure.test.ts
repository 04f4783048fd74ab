import { expect, test } from 'vitest';
import { chartFigure } from './figure.ts';
import { chartTitle, type DrawnChart } from './report-chart.ts';

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
});

test('is never narrower than its words can be read', () => {
  const svg = '<svg width="960"><text font-size="15px">a</text></svg>';
  expect(chartFigure({ ...chart, svg }, 'cpu', 'c')).toContain(
    '<svg role="img" aria-label="single 5 ms" style="min-width:480px"',
  );
});

test('a chart that is not on the page keeps its place, its words and its files', () => {
  const { name, scenario, alt, file } = chart;
  const markup = chartFigure({ kind: 'apart', name, scenario, alt, file }, 'cpu ms=10', 'charts-1-1');
  expect(markup).toContain('<figure id="charts-1-1" data-chart="cpu-per-request"');
  expect(markup).toContain(
    'Too large for this page: see <a href="./cpu-per-request-cpu.svg">cpu-per-request-cpu.svg</a>.',
  );
  expect(markup).toContain('<p>single 5 ms</p>');
  expect(markup).toContain('href="./cpu-per-request-cpu@2x.png"');
  expect(markup).not.toMatch(/<svg|scroll/u);
});

test('hostile names stay in their attributes', () => {
  const name = '--><svg onload="alert(1)">';
  const markup = chartFigure({ ...chart, name, alt: name, file: name }, name, 'charts-1-1');
  expect(markup.match(/<svg/gu)).toHaveLength(1);
  expect(markup).not.toContain('-->');
  const apart = chartFigure({ kind: 'apart', name, scenario: name, alt: name, file: name }, name, 'charts-1-1');
  expect(apart).not.toMatch(/<svg|-->/u);
});
