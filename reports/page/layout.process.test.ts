import { describe, expect, test } from 'vitest';
import { browser, seenBy } from '../fixtures/browser.ts';
import { summary } from '../fixtures/summary.ts';
import { pageStyle } from './assets.ts';
import { htmlReport, type ReportChart } from './page.ts';

const svg =
  '<svg width="960" height="400" viewBox="0 0 960 400"><rect width="960" height="400" fill="#ffffff"/>' +
  '<text font-size="14px">a</text><path id="faint" fill-opacity="0.35" d="M0,0h9v9Z"/></svg>';

function chart(name: string, scenario: string | null): ReportChart {
  return { kind: 'drawn', name, scenario, svg, alt: name, file: name };
}

const charts = [chart('overview', null), ...summary.scenarios.map(({ id }) => chart('throughput', id))];
const page = htmlReport({ summary }, charts, { style: pageStyle(), script: '' });

const LOOK = `
const box = (one) => document.querySelector(one).getBoundingClientRect();
const pairs = document.querySelector('td.prose').closest('table');
seen.beyond = document.documentElement.scrollWidth > innerWidth;
seen.captions = [...document.querySelectorAll('caption span')].every((one) => one.getBoundingClientRect().right <= innerWidth);
seen.rows = Math.max(...[...pairs.tBodies[0].rows].map((row) => row.getBoundingClientRect().height)) < 110;
seen.chart = Math.round(box('figure svg').width);
seen.hint = getComputedStyle(document.querySelector('.hint')).display;
seen.fades = getComputedStyle(document.querySelector('figure .scroll')).backgroundAttachment;
seen.ground = getComputedStyle(document.querySelector('figure svg > rect')).fill;
seen.wordsFirst = box('.answers').bottom <= box('.overview').top;
seen.middle = Math.abs(box('figure').left + box('figure').right - document.documentElement.clientWidth) < 2;
seen.faint = Number(getComputedStyle(document.querySelector('figure path')).fillOpacity).toFixed(2);`;

describe.skipIf(browser === undefined)('in a browser', () => {
  test('on a narrow screen words stay in sight, and what scrolls says so', async () => {
    expect(await seenBy(page, LOOK, 500)).toMatchObject({
      beyond: false,
      captions: true,
      rows: true,
      chart: 514,
      hint: 'block',
      fades: 'local, local, scroll, scroll',
      ground: 'none',
      wordsFirst: true,
      faint: '0.35',
    });
  });

  test('the answers come first, and the image of the run right below them', async () => {
    expect(await seenBy(page, LOOK, 1000)).toMatchObject({ wordsFirst: true, hint: 'none' });
  });

  test('on a wide screen all is one column in the middle, with large charts', async () => {
    const seen = await seenBy(page, LOOK, 1600);
    expect(seen).toMatchObject({ beyond: false, middle: true, wordsFirst: true, chart: 1070 });
  });

  test('on dark paper what is faint is stronger', async () => {
    const dark = page.replace('@media screen and (prefers-color-scheme: dark)', '@media screen');
    expect(await seenBy(dark, LOOK)).toMatchObject({ faint: '0.53' });
  });
});
