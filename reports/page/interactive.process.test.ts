import { describe, expect, test } from 'vitest';
import { browser, domOf, seenBy } from '../fixtures/browser.ts';
import { summary } from '../fixtures/summary.ts';
import { pageAssets, pageScript } from './assets.ts';
import { htmlReport, type ReportChart } from './page.ts';

const MOST_BYTES = 13_000;

const bar = (model: string, y: number) =>
  `<path aria-label="${model}: ${y} requests/s" role="graphics-symbol" d="M0,${y}h100v20h-100Z"/>`;
const svg = `<svg width="200" height="100" viewBox="0 0 200 100"><g>${bar('single', 10)}${bar('cluster', 50)}</g></svg>`;
const charts: ReportChart[] = summary.scenarios.flatMap(({ id }) =>
  ['throughput', 'memory'].map((name) => ({ kind: 'drawn', name, scenario: id, svg, alt: name, file: name }) as const),
);

/** What a reader does, in the page; gives what the reader then sees. */
const READER = `
const arrive = () => dispatchEvent(new HashChangeEvent('hashchange'));
const go = (hash) => { history.replaceState(null, '', hash); arrive(); };
const figure = document.querySelector('figure[data-chart]');
const marks = [...figure.querySelectorAll('[role="graphics-symbol"]')];
const tip = document.querySelector('.tip');
const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
const shown = () => [...document.querySelectorAll('figure')].filter((one) => one.offsetParent !== null).length;
const first = (table) => table.tBodies[0].rows[0].cells[0].textContent;
seen.role = figure.querySelector('svg').getAttribute('role');
seen.stops = figure.querySelectorAll('[tabindex="0"]').length;
marks[0].dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: 50, clientY: 50 }));
seen.hover = [tip.hidden, tip.textContent, marks[0].matches('.same'), marks[1].matches('.same')];
seen.dimmed = document.querySelectorAll('.dimmed').length;
document.body.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
seen.away = [tip.hidden, document.querySelectorAll('.dimmed').length];
marks[0].focus();
press('ArrowDown');
seen.arrow = [document.activeElement === marks[1], tip.textContent, figure.querySelectorAll('[tabindex="0"]').length];
press('Escape');
seen.escape = tip.hidden;
seen.all = shown();
document.querySelector('.choice input[value="memory"]').click();
arrive();
seen.chosen = [location.hash, shown()];
go('#tables');
seen.elsewhere = shown();
go(location.pathname);
seen.back = [shown(), document.querySelector('.choice :checked').value];
go('#chart=' + encodeURIComponent('"><img src=x onerror=alert(1)>'));
seen.unknown = [shown(), document.querySelector('img') === null];
const table = document.querySelector('#tables-1').parentElement.querySelector('table');
const [name, rate] = table.querySelectorAll('thead button');
rate.click();
seen.most = [first(table), rate.parentElement.ariaSort];
rate.click();
seen.least = first(table);
name.click();
seen.named = [first(table), rate.parentElement.ariaSort];
dispatchEvent(new Event('beforeprint'));
seen.folded = document.querySelectorAll('details:not([open])').length;`;

test('the script is small', async () => {
  expect(Buffer.byteLength(await pageScript())).toBeLessThan(MOST_BYTES);
});

describe.skipIf(browser === undefined)('in a browser', () => {
  test('its own script may run, and no other', async () => {
    const page = htmlReport({ summary }, charts, await pageAssets());
    const dom = await domOf(page.replace('</body>', '<script>document.title = "ran"</script></body>'));
    expect(dom).toContain('<html lang="en" class="live">');
    expect(dom).not.toContain('<title>ran</title>');
  });

  test('charts and tables answer to pointer and keyboard', async () => {
    const page = htmlReport({ summary }, charts, await pageAssets());
    const seen = await seenBy(page, READER);
    expect(seen).toEqual({
      role: 'group',
      stops: 1,
      hover: [false, 'single10 requests/s', true, false],
      dimmed: charts.length,
      away: [true, 0],
      arrow: [true, 'cluster50 requests/s', 1],
      escape: true,
      all: charts.length,
      chosen: ['#chart=memory', summary.scenarios.length],
      elsewhere: summary.scenarios.length,
      back: [charts.length, 'all'],
      unknown: [charts.length, true],
      most: ['cluster', 'descending'],
      least: 'fork-pool',
      named: ['cluster', null],
      folded: 0,
    });
  });
});
