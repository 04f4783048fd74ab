/**
 * Draws the page of a report that a link has. It is bundled for browsers with everything it imports, and packed into each page;
 * the page's own script runs it when its address has data.
 */
import { drawCharts } from '../images/draw.ts';
import { DEFAULT_IMAGES } from '../images/options.ts';
import type { PageAssets } from './assets.ts';
import { linkedReport } from './link.ts';
import { htmlReport, type ReportChart, reportChart } from './page.ts';

/** The whole page, as HTML. Throws where `data` are not what a link has. */
export async function pageOfLink(data: string, assets: PageAssets): Promise<string> {
  const report = { summary: await linkedReport(data) };
  const charts: ReportChart[] = [];
  for await (const chart of drawCharts(report, DEFAULT_IMAGES)) {
    const shown = reportChart(chart);
    charts.push(shown.kind === 'drawn' ? { ...shown, file: null } : shown);
  }
  const { style, script, policy } = assets;
  return htmlReport(report, charts, { style, script, policy }, { kind: 'opened', data });
}
