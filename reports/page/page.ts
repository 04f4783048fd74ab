import { aboutLines } from '../words/cells.ts';
import { html } from '../words/escape.ts';
import type { Reported } from '../words/runs.ts';
import { answerSection } from './answers.ts';
import { chartsSection } from './charts.ts';
import { environmentSection } from './environment.ts';
import { heading, navigation, scenariosLine, tabTitle } from './heading.ts';
import { lighter, MOST_BYTES } from './lighter.ts';
import { failuresSection, methodSection, warningsSection } from './method.ts';
import type { PageChart, ReportChart } from './report-chart.ts';
import { contentPolicy } from './script.ts';
import { STYLE } from './style.ts';
import { tablesSection } from './tables.ts';

export type { ReportChart } from './report-chart.ts';

/** What the page carries with it, as text. */
export interface PageAssets {
  /** `@font-face` rules. */
  readonly fontCss: string;
  /** Makes the page interactive; without it the page is whole. */
  readonly script: string;
}

/**
 * The whole report as one page that opens from disk and fetches nothing. Where it would be too large, links to the largest
 * images take their place.
 */
export function htmlReport(report: Reported, charts: readonly ReportChart[], assets: PageAssets): string {
  const whole = page(report, charts, assets);
  const excess = Buffer.byteLength(whole) - MOST_BYTES;
  return excess > 0 ? page(report, lighter(charts, excess), assets) : whole;
}

function page({ summary, traces }: Reported, charts: readonly PageChart[], { fontCss, script }: PageAssets): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(tabTitle(summary))}</title>
<style>${fontCss}${STYLE}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>${html(heading(summary))}</h1>
<p class="of">${html(scenariosLine(summary))}</p>
${aboutLines(summary)
  .map((line) => `<p class="soft">${html(line).replace(/\d{4}-\d{2}-\d{2}/gu, '<span class="flag">$&</span>')}</p>`)
  .join('\n')}
${navigation(summary)}
</header>
<main id="report" tabindex="-1">
${answerSection(summary, charts)}
${chartsSection(summary, charts)}
${tablesSection({ summary, traces })}
${methodSection({ summary, traces })}
${environmentSection(summary)}
${warningsSection(summary)}
${failuresSection(summary)}
</main>
<footer class="soft">Written by fourways ${html(summary.version)}.</footer>
<script>${script}</script>
</body>
</html>
`;
}
