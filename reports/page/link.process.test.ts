/** Links that carry a report, opened in a browser from a file. */
import { describe, expect, test } from 'vitest';
import { browser, domOf, seenBy } from '../fixtures/browser.ts';
import { summary } from '../fixtures/summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { HOSTILE, hostileSummary } from '../fixtures/variants.ts';
import { drawCharts } from '../images/draw.ts';
import { DEFAULT_IMAGES } from '../images/options.ts';
import type { Reported } from '../words/runs.ts';
import { pageAssets } from './assets.ts';
import { linkData, linkedReport } from './link.ts';
import { htmlReport, reportChart } from './page.ts';
import { pageOfLink } from './view.ts';

const report = of(0, 1);
/** Of another run, whose page links are opened with: drawn once. */
let ofOther: Promise<string> | undefined;
const otherPage = (): Promise<string> => {
  ofOther ??= pageOf(of(2));
  return ofOther;
};

/** With some of the scenarios. */
function of(...which: readonly number[]) {
  const scenarios = summary.scenarios.filter((_, i) => which.includes(i));
  return { summary: { ...summary, scenarios }, traces: tracesFor(...scenarios) };
}

async function pageOf(source: Reported): Promise<string> {
  const charts = [];
  for await (const chart of drawCharts(source, DEFAULT_IMAGES)) charts.push(reportChart(chart));
  return htmlReport(source, charts, await pageAssets(), { kind: 'offered', data: linkData(source) });
}

/** What marks say, and what tables have. */
function shownOn(page: string): { readonly marks: readonly string[]; readonly cells: readonly string[] } {
  const marks = page.matchAll(/<path aria-label="([^"]*)" role="graphics-symbol"/gu);
  const cells = page.matchAll(/<t[hd] [^>]*>(.*?)<\/t[hd]>/gu);
  return { marks: [...marks].map(([, text = '']) => text), cells: [...cells].map(([, text = '']) => text) };
}

test('the page of a link shows what the page of its run does, but for what is told of single requests', async () => {
  // With the digits that a link has: the fixture has figures that lie between two printed ones.
  const known = { ...report, summary: await linkedReport(linkData(report)) };
  const [own, linked] = [await pageOf(known), await pageOfLink(linkData(report), await pageAssets())].map(shownOn);
  expect(linked?.marks.length).toBeGreaterThan(50);
  expect(linked?.cells.length).toBeGreaterThan(300);
  expect(linked?.marks.filter((mark) => !own?.marks.includes(mark))).toEqual([]);
  expect(linked?.cells.filter((cell) => !own?.cells.includes(cell))).toEqual([]);
});

describe.skipIf(browser === undefined)('in a browser', () => {
  test('a link opens with the page of any run, and is drawn there as here', async () => {
    const { viewer: _, ...assets } = await pageAssets();
    const data = linkData(report);
    const dom = await domOf(await otherPage(), 800, `#data=${data}`);
    expect(dom).toContain('<figure id="overview-1"');
    expect(dom).toBe(await domOf(await pageOfLink(data, assets), 800, `#data=${data}`));
  });

  test('hostile figures are shown and not run', async () => {
    const dom = await domOf(await otherPage(), 800, `#data=${linkData({ summary: hostileSummary() })}`);
    expect(dom).toMatch(/<html[^>]* data-linked/u);
    expect(dom).toContain('&lt;img');
    expect(dom).not.toContain('<img');
  });

  test.each([linkData(report).slice(0, -9), encodeURIComponent(HOSTILE)])(
    'a damaged link gives a line, above the report of the page itself: %.9s',
    async (data) => {
      const dom = await domOf(await otherPage(), 800, `#data=${data}`);
      expect(dom).toMatch(/<p class="notice linked">This link cannot be shown: it is damaged/u);
      expect(dom).toContain('id="charts-1"');
      expect(dom).not.toMatch(/<html[^>]* data-linked|<img/u);
    },
  );

  test('links within the page, and the choice of a chart, leave the figures in its address', async () => {
    const { viewer: _, ...assets } = await pageAssets();
    const data = linkData(report);
    const seen = await seenBy(
      await pageOfLink(data, assets),
      `
document.querySelector('a[href="#tables-1"]').click();
seen.anchored = location.hash === '#data=${data}';
document.querySelector('.choice input[value="memory"]').click();
seen.chosen = location.hash === '#data=${data}&chart=memory';`,
      800,
      `#data=${data}`,
    );
    expect(seen).toEqual({ anchored: true, chosen: true });
  });
});
