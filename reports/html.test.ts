import { expect, test } from 'vitest';
import { summary } from './fixtures/summary.ts';
import { HOSTILE, hostileSummary, scenario } from './fixtures/variants.ts';
import { htmlReport, type ReportChart } from './html.ts';

const drawn = {
  kind: 'drawn',
  name: 'throughput',
  scenario: scenario('cpu').id,
  svg: '<svg width="10"><g id="a"/><use href="#a"/></svg>',
  alt: 'cluster "194"',
} as const satisfies ReportChart;

test('is one page that loads nothing and runs nothing', () => {
  const page = htmlReport(summary, [drawn]);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  expect(page).not.toMatch(/<script|<link|<iframe|\son\w+=|url\((?!#)|@import|(?:src|href)="(?!#)/u);
});

test('starts with the answers, before any chart', () => {
  const page = htmlReport(summary, [drawn]);
  for (const { sentence } of summary.scenarios) {
    expect(page).toContain(sentence);
    expect(page.indexOf(sentence)).toBeLessThan(page.indexOf('<svg'));
  }
});

test('shows every warning with its next step, and every failed trial', () => {
  const page = htmlReport(summary, []);
  for (const { message, nextStep } of summary.warnings) {
    expect(page).toContain(message);
    expect(page).toContain(nextStep);
  }
  for (const { reason } of summary.failures) expect(page).toContain(reason.message);
});

test('says why a chart is missing', () => {
  const omitted: ReportChart = {
    kind: 'omitted',
    name: 'latency',
    scenario: scenario('io').id,
    reason: 'no valid trial',
  };
  expect(htmlReport(summary, [omitted])).toContain('No chart “latency”: no valid trial.');
});

test('describes charts to people who do not see them', () => {
  const page = htmlReport(summary, [drawn]);
  expect(page).toContain('<html lang="en">');
  expect(page).toContain('<svg role="img" aria-label="cluster &quot;194&quot;"');
  expect(page.match(/<th(?![^>]*scope=)[\s>]/u)).toBeNull();
});

test('ids of several images do not collide', () => {
  const page = htmlReport(summary, [drawn, { ...drawn, name: 'latency' }]);
  const ids = [...page.matchAll(/\sid="([^"]*)"/gu)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of page.matchAll(/href="#([^"]*)"/gu)) expect(ids).toContain(target);
});

test('hostile text is shown and not run, wherever it comes from', () => {
  const page = htmlReport(hostileSummary(), [{ ...drawn, scenario: HOSTILE, name: HOSTILE, alt: HOSTILE }]);
  expect(page).not.toMatch(/<(?:img|script|\/script)/u);
  expect(page).not.toContain('\u001b');
  expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
});

test('an incomplete run says so at the top', () => {
  const page = htmlReport({ ...summary, complete: false }, []);
  expect(page.indexOf('not complete')).toBeLessThan(page.indexOf('class="answers"'));
});
