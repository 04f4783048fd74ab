import { expect, test } from 'vitest';
import { overallAnswer, verdictLine } from '../../harness/judge/answer/decision.ts';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { capital } from '../../harness/judge/words.ts';
import { cell } from '../fixtures/build.ts';
import { summary } from '../fixtures/summary.ts';
import { AFTER, BEFORE } from '../fixtures/two-runs.ts';
import { HOSTILE, hostileSummary, scenario, scenarioOf, summaryOf, unlabelled } from '../fixtures/variants.ts';
import { fontFaces } from '../images/fonts.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { COST_NOTES } from '../tables/costs.ts';
import { COLUMN_NOTES } from '../tables/results.ts';
import { html } from '../words/escape.ts';
import { contentPolicy, pageStyle } from './assets.ts';
import { MOST_BYTES } from './figure.ts';
import { heading, type ReportChart, htmlReport as report, tabTitle } from './page.ts';

const script = 'let a = 1 < 2;';
const assets = { style: pageStyle(), script, policy: contentPolicy(script) };
const OWN_SCRIPT = `<script>${assets.script}</script>`;

function htmlReport(of: Summary, charts: readonly ReportChart[]): string {
  return report({ summary: of }, charts, assets);
}

/** The page without what is its own to run. */
function withoutScript(page: string): string {
  expect(page.split(OWN_SCRIPT)).toHaveLength(2);
  return page.replace(OWN_SCRIPT, '');
}

const drawn = {
  kind: 'drawn',
  name: 'throughput',
  scenario: scenario('cpu').id,
  svg: '<svg width="10"><g id="a"/><use href="#a"/></svg>',
  alt: 'cluster "194"',
  file: 'throughput-cpu',
} as const satisfies ReportChart;

test('is one page that loads nothing and runs nothing but its own script', () => {
  const page = htmlReport(summary, [drawn]);
  expect(page).toContain(`content="${assets.policy}"`);
  const rest = withoutScript(page).replace(fontFaces(), '');
  expect(rest).not.toMatch(/<script|<link|<iframe|\son\w+=|url\((?!#)|@import|src=|href="(?!#|\.\/)/u);
});

test('the fonts come before what uses them, once', () => {
  expect(htmlReport(summary, [drawn]).split(`<style>${fontFaces()}`)).toHaveLength(2);
  expect(htmlReport(summary, [drawn]).split('@font-face')).toHaveLength(4);
});

test('goes from the answer to the charts, to the tables, to how it was measured', () => {
  const overview = { ...drawn, name: 'overview', scenario: null, svg: '<svg width="20"/>', file: 'overview' };
  const page = htmlReport(summary, [drawn, overview]);
  const parts = ['id="answer"', 'data-chart="overview"', 'id="charts"', 'data-chart="throughput"', 'id="tables"'];
  const rest = ['id="warnings"', 'id="failures"', 'id="method"', 'id="environment"'];
  const places = [...parts, ...rest].map((part) => page.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(page.slice(0, page.indexOf('id="tables"'))).not.toContain('<table');
  expect(page.slice(page.indexOf('id="tables"'))).not.toContain('<figure');
});

test('headings go down one level at a time', () => {
  const levels = [...htmlReport(summary, [drawn]).matchAll(/<h(\d)/gu)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
});

test('what can be skipped and navigated has a name', () => {
  const page = htmlReport(summary, [drawn]);
  expect(page).toContain('<a class="skip" href="#report">');
  expect(page).toContain('<main id="report"');
  expect(page).toContain('<nav aria-label="Parts of this report">');
  expect(page).toContain('<a href="#warnings">Warnings <span class="count">2</span></a>');
  expect(htmlReport({ ...summary, warnings: [] }, [])).toContain('<a href="#warnings">Warnings</a>');
});

test('has the answer over all scenarios below its title, of several runs that of each', () => {
  const line = (of: string, { scenarios }: Summary) =>
    `<p class="result">${of}${html(overallAnswer({ scenarios }))}</p>`;
  expect(htmlReport(summary, [])).toContain(`</h1>\n${line('', summary)}\n</header>`);
  expect(report(sideBySide([BEFORE, AFTER]), [], assets)).toContain(
    `</h1>\n${line('before: ', BEFORE.summary)}\n${line('after: ', AFTER.summary)}\n</header>`,
  );
});

test('starts with a sentence per scenario, before any chart and any warning', () => {
  const overview = { ...drawn, name: 'overview', scenario: null, file: 'overview' };
  const page = htmlReport(summary, [overview, drawn]);
  const words = page
    .slice(0, Math.min(page.indexOf('<svg'), page.indexOf('class="notice"')))
    .replace(/<summary>.*?<\/summary>/gu, '')
    .replace(/<[^>]*>/gu, ' ')
    .replace(/\s+/gu, ' ');
  for (const one of summary.scenarios) expect(words).toContain(capital(verdictLine(one)));
});

test('tells the reasons of each answer, and what is behind it, before the charts of the scenarios', () => {
  const page = htmlReport(summary, [drawn]);
  const reasons = page.slice(page.indexOf('id="reasons"'), page.indexOf('id="charts"')).replace(/<[^>]*>/gu, '');
  for (const { sentence } of summary.scenarios) expect(reasons).toContain(html(sentence));
});

test('the charts of a scenario after the first are folded away below its name', () => {
  const charts = summary.scenarios.map(({ id }) => ({ ...drawn, scenario: id }));
  const page = htmlReport(summary, charts);
  const folds = page.slice(page.indexOf('id="charts"'), page.indexOf('id="tables"')).split('<details class="fold">');
  expect(folds).toHaveLength(summary.scenarios.length);
  for (const fold of folds) expect(fold.match(/<figure/gu)).toHaveLength(1);
  expect(folds[1]).toMatch(/^<summary><h3 id="charts-2">.*1 chart</u);
});

test('shows every warning with its next step, and every failed trial', () => {
  const page = htmlReport(summary, []);
  for (const { message, nextStep } of summary.warnings) {
    expect(page).toContain(message);
    expect(page.replace(/<span class="flag">(.*?)<\/span>/gu, '$1')).toContain(nextStep);
  }
  for (const { reason } of summary.failures) expect(page).toContain(reason.message);
});

test('says why a chart is missing', () => {
  const omitted: ReportChart = {
    kind: 'omitted',
    name: 'latency-at-rate',
    scenario: scenario('io').id,
    reason: 'no valid trial',
  };
  expect(htmlReport(summary, [omitted])).toContain('No chart “Latency at rate”: no valid trial.');
});

test('describes charts to people who do not see them', () => {
  const page = htmlReport(summary, [drawn]);
  expect(page).toContain('<html lang="en">');
  expect(page).toContain('<svg role="img" aria-label="cluster &quot;194&quot;"');
  expect(page.match(/<th(?![^>]*scope=)[\s>]/u)).toBeNull();
});

test('a page that would be too large gives up its largest images, the same each time, and says so', () => {
  const large = (name: string, bytes: number) => ({
    ...drawn,
    name,
    file: name,
    svg: `<svg>${'x'.repeat(bytes)}</svg>`,
  });
  const charts = [large('small', 1e5), large('huge', 3e6), large('middling', 9e5), large('wide', 1.1e6)];
  const page = htmlReport(summary, charts);
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(MOST_BYTES);
  expect(page).toContain('The 2 largest charts are not drawn on this page');
  for (const name of ['huge', 'wide']) {
    expect(page).toContain(`Too large for this page: see <a href="./${name}.svg">${name}.svg</a>.`);
  }
  expect(page).not.toMatch(/see <a href="\.\/(?:small|middling)/u);
  expect(htmlReport(summary, charts)).toBe(page);
  expect(htmlReport(summary, charts.slice(0, 1))).not.toContain('not drawn on this page');
});

test('ids of several images do not collide', () => {
  const page = htmlReport(summary, [drawn, { ...drawn, name: 'latency' }]);
  const ids = [...page.matchAll(/\sid="([^"]*)"/gu)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of page.matchAll(/(?:href|aria-labelledby)="#?([\w-]*)"/gu)) expect(ids).toContain(target);
});

test('hostile text is shown and not run, wherever it comes from', () => {
  const hostile = { ...drawn, name: HOSTILE, alt: HOSTILE, file: `javascript:${HOSTILE}` };
  const page = htmlReport(hostileSummary(), [
    { ...hostile, scenario: HOSTILE },
    { ...hostile, scenario: null },
  ]);
  expect(withoutScript(page)).not.toMatch(/<(?:img|script|\/script)/u);
  expect(page).toContain('href="./javascript%3A%3C%2Fscript%3E');
  expect(page).not.toContain('\u001b');
  expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
});

test('an incomplete run says so right after the answer', () => {
  const page = htmlReport({ ...summary, complete: false }, []);
  expect(page.indexOf('not complete')).toBeGreaterThan(page.indexOf('class="verdicts"'));
  expect(page.indexOf('not complete')).toBeLessThan(page.indexOf('class="answers"'));
});

test('each scenario has what it cost, its pairs and its evidence', () => {
  const page = htmlReport(summary, []);
  for (const title of ['What it cost', 'Model against model', 'What limited each model']) {
    expect(page.split(`<h4>${title}</h4>`)).toHaveLength(summary.scenarios.length + 1);
  }
});

test('figures that are derived look different from those that were measured', () => {
  const page = unlabelled(htmlReport(summary, []));
  expect(page).toContain('<td class="number">63,412</td>');
  expect(page).toContain('<td class="number derived">≈134,000</td>');
  expect(page).toContain('<td class="unranked">generator, not ranked</td>');
});

test('why a model was given up is told in full, and failed attempts one by one', () => {
  const page = unlabelled(htmlReport(summary, []));
  expect(page).toContain('given up after 3 failed trials: 2 requests had no reply within 10 s</td>');
  for (const attempt of ['first', 'retry 1', 'retry 2']) expect(page).toContain(`<td>1</td><td>${attempt}</td>`);
});

test('says what the columns of both tables mean', () => {
  const page = htmlReport(summary, []);
  for (const note of [...COLUMN_NOTES, ...COST_NOTES]) expect(page).toContain(html(note));
});

test('no line ends within a flag', () => {
  expect(htmlReport(summary, [])).toContain('then run again with <span class="flag">--resume</span>.');
});

function of(...models: readonly string[]) {
  return summaryOf(scenarioOf(...models.map((model) => cell('hello', model, null))));
}

function runs(...labels: readonly string[]) {
  return sideBySide(labels.map((label) => ({ label, summary }))).summary;
}

test('a run is called by its models, of which a few are listed and many counted', () => {
  expect(heading(of('single', 'cluster', 'fork-pool'))).toBe('single, cluster or fork-pool?');
  expect(heading(of('a', 'b', 'c', 'd', 'e', 'f'))).toBe('Which of 6 concurrency models?');
  const [{ cells }] = [scenarioOf(...[...'abcdef'].map((model) => cell('hello', model, null)))];
  const mixed = cells.map((one, i) => (i === 0 ? { ...one, style: 'external' as const, workers: null } : one));
  expect(heading(summaryOf(scenarioOf(...mixed)))).toBe('Which of 6 servers?');
  expect(heading(of('cluster'))).toBe('How well does cluster do?');
});

test('several runs are called by their labels', () => {
  expect(heading(runs('before', 'after'))).toBe('before and after side by side');
  expect(heading(runs('a', 'b', 'c', 'd', 'e', 'f'))).toBe('6 runs side by side');
});

test('the tab says of which scenarios', () => {
  expect(tabTitle(of('single', 'cluster'))).toBe('single or cluster? hello – fourways');
  expect(tabTitle(runs('before', 'after'))).toMatch(/^before and after side by side hello · cpu/u);
  const many = { ...summary, scenarios: Array.from({ length: 6 }, () => scenarioOf(cell('hello', 'single', null))) };
  expect(tabTitle(many)).toContain(' 6 scenarios – ');
});
