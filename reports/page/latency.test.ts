import { expect, test } from 'vitest';
import { hostileLatencySummary, latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { mixed } from '../fixtures/mixed.ts';
import { sweep } from '../fixtures/sweep.ts';
import { scenario, unlabelled } from '../fixtures/variants.ts';
import { latencySection } from './latency.ts';
import { htmlReport } from './page.ts';

const assets = { style: '', script: '', policy: '' };

test('a table per common rate with what was offered above it and the answer below it', () => {
  const markup = latencySection(mixed);
  expect(markup.match(/<h4>Latency at /gu)).toHaveLength(2);
  expect(markup).toContain('80% of what single serves, the slowest that can be ranked; Poisson arrivals');
  for (const { sentence } of mixed.latency?.common ?? []) expect(markup).toContain(`<p>${sentence}</p>`);
});

test('percentiles with intervals, classes, and what may not be ranked', () => {
  const markup = unlabelled(latencySection(mixed));
  expect(markup).toContain('<td class="number interval">≥1,412 <span class="range">(1,130–1,779)</span></td>');
  expect(markup).toContain('<th scope="row" class="name part">single, light</th>');
  expect(markup).toContain('<td class="unranked">generator, not ranked</td>');
  expect(markup).toContain('given up after 3 failed trials: a worker died with exit code 134</td>');
});

test('all offered rates are folded away, and the outcomes of the SLO are not', () => {
  const markup = unlabelled(latencySection(sweep));
  expect(markup).toContain('<summary>43 rates</summary>');
  expect(markup).toContain('<td class="unranked">workers, fell behind</td>');
  expect(markup.indexOf('Outcome of the requests')).toBeGreaterThan(markup.indexOf('<details>'));
  expect(markup.indexOf('<h4>Highest rate within p99=100ms</h4>')).toBeLessThan(markup.indexOf('<details>'));
});

test('says when rates were lowered', () => {
  expect(latencySection(withLatency(sweep, { cappedAt: 79 }))).toContain('Higher rates were lowered to 79 requests/s');
});

test('without latency there is nothing', () => {
  expect(latencySection(scenario('cpu'))).toBe('');
});

test('the page has the answers at the top and says what the columns mean', () => {
  const page = htmlReport({ summary: latencySummary }, [], assets);
  for (const { latency } of latencySummary.scenarios)
    for (const { sentence } of latency?.common ?? [])
      expect(page.indexOf(sentence)).toBeLessThan(page.indexOf('id="charts"'));
  expect(page).toContain('What the columns on latency at given rates mean');
});

test('hostile text is shown and not run', () => {
  const page = htmlReport({ summary: hostileLatencySummary() }, [], assets).replace('<script></script>', '');
  expect(page).not.toMatch(/<(?:img|script|\/script)/u);
  expect(page).not.toContain('\u001b');
});

test('charts that are missing for the same reason share a line', () => {
  const missing = ['a', 'b'].map((name) => ({ kind: 'omitted', name, scenario: mixed.id, reason: 'nothing' }) as const);
  expect(htmlReport({ summary: latencySummary }, missing, assets)).toContain('No charts “A”, “B”: nothing.');
});
