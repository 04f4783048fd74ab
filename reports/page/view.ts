/**
 * Draws the page of a report that a link has. It is bundled for browsers with everything it imports, and packed into each page;
 * the page's own script runs it when its address has data.
 */
import { drawCharts } from '../images/draw.ts';
import { DEFAULT_IMAGES } from '../images/options.ts';
import type { PageAssets } from './assets.ts';
import { linkedReport } from './link.ts';
import { htmlReport, type ReportChart } from './page.ts';

/** The whole page, as HTML. Throws where `data` are not what a link has. */
export async function pageOfLink(data: string, assets: PageAssets): Promise<string> {
  const report = { summary: await linkedReport(data) };
  const charts: ReportChart[] = [];
  for await (const chart of drawCharts(report, DEFAULT_IMAGES)) {
    const { name, scenario } = chart;
    charts.push(
      chart.kind === 'omitted'
        ? { kind: 'omitted', name, scenario, reason: chart.reason }
        : { kind: 'drawn', name, scenario, svg: chart.light, alt: chart.alt, file: null },
    );
  }
  return htmlReport(report, charts, assets, { kind: 'opened', data });
}
