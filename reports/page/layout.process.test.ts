import { describe, expect, test } from 'vitest';
import { browser, seenBy } from '../fixtures/browser.ts';
import { summary } from '../fixtures/summary.ts';
import { contentPolicy, pageStyle } from './assets.ts';
import { htmlReport, type ReportChart } from './page.ts';

const svg =
  '<svg width="960" height="400" viewBox="0 0 960 400"><rect width="960" height="400" fill="#ffffff"/>' +
  '<text font-size="14px">a</text><path id="faint" fill-opacity="0.35" d="M0,0h9v9Z"/></svg>';

function chart(name: string, scenario: string | null): ReportChart {
  return { kind: 'drawn', name, scenario, svg, alt: name, file: name };
}

const card = svg.replaceAll('960', '1200').replaceAll('400', '630');
const charts = [
  { ...chart('overview', null), svg: card },
  ...summary.scenarios.map(({ id }) => chart('throughput', id)),
];
const page = htmlReport({ summary }, charts, { style: pageStyle(), script: '', policy: contentPolicy('') });

const LOOK = `
const box = (one) => document.querySelector(one).getBoundingClientRect();
const isShown = (one) => document.querySelector(one).getClientRects().length > 0;
const pairs = document.querySelector('td.prose').closest('table');
for (const fold of document.querySelectorAll('details')) fold.open = true;
seen.beyond = document.documentElement.scrollWidth > innerWidth;
seen.captions = [...document.querySelectorAll('caption span')].every((one) => one.getBoundingClientRect().right <= innerWidth);
seen.figures = [...document.querySelectorAll('td')].every((one) => one.getBoundingClientRect().right <= innerWidth);
seen.tables = [...document.querySelectorAll('table')].every(({ parentElement: box }) => box.scrollWidth <= box.clientWidth);
seen.label = getComputedStyle(document.querySelector('td.number'), '::before').display;
seen.rows = Math.max(...[...pairs.tBodies[0].rows].map((row) => row.getBoundingClientRect().height)) < 110;
seen.chart = Math.round(box('.figures svg').width);
seen.hint = getComputedStyle(document.querySelector('.figures .hint')).display;
seen.fades = getComputedStyle(document.querySelector('figure .scroll')).backgroundAttachment;
seen.ground = getComputedStyle(document.querySelector('figure svg > rect')).fill;
seen.answer = isShown('.overview figure') ? 'image' : isShown('.bars') ? 'bars' : null;
seen.fold = Math.max(box('.verdicts').bottom, isShown('.overview figure') ? box('.overview svg').bottom : 0) < innerHeight;
seen.wordsFirst = !isShown('.overview figure') || box('.verdicts').bottom <= box('.overview').top;
seen.middle = Math.abs(box('.figures figure').left + box('.figures figure').right - document.documentElement.clientWidth) < 2;
seen.faint = Number(getComputedStyle(document.querySelector('figure path')).fillOpacity).toFixed(2);`;

describe.skipIf(browser === undefined)('in a browser', () => {
  test.each([360, 390])(
    'on a phone of %i pixels the answer is on the first screen, and nothing beyond its edge',
    async (width) => {
      expect(await seenBy(page, LOOK, width)).toMatchObject({
        ...{ beyond: false, captions: true, figures: true, tables: true, label: 'block' },
        ...{ answer: 'bars', fold: true },
      });
    },
  );

  test('on a narrow screen what scrolls says so', async () => {
    expect(await seenBy(page, LOOK, 500)).toMatchObject({
      ...{ beyond: false, chart: 514, hint: 'block', fades: 'local, local, scroll, scroll' },
      ...{ ground: 'none', faint: '0.35' },
    });
  });

  test('on a wide screen the answer and the image of the run are on the first, and all is one column with large charts', async () => {
    const seen = await seenBy(page, LOOK, 1440);
    expect(seen).toMatchObject({ beyond: false, middle: true, chart: 1070, hint: 'none', label: 'inline' });
    expect(seen).toMatchObject({ answer: 'image', wordsFirst: true, fold: true, rows: true });
  });

  test('on dark paper what is faint is stronger', async () => {
    const dark = page.replace('@media screen and (prefers-color-scheme: dark)', '@media screen');
    expect(await seenBy(dark, LOOK)).toMatchObject({ faint: '0.53' });
  });
});
