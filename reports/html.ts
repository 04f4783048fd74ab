import { aboutLines, scenarioTitle } from './cells.ts';
import { html } from './escape.ts';
import { answerSection } from './page/answers.ts';
import { chartsSection, overviewFigures } from './page/charts.ts';
import { environmentSection } from './page/environment.ts';
import { failuresSection, methodSection, warningsSection } from './page/method.ts';
import { navigation } from './page/nav.ts';
import { contentPolicy } from './page/policy.ts';
import type { ReportChart } from './page/report-chart.ts';
import { STYLE } from './page/style.ts';
import { tablesSection } from './page/tables.ts';
import type { Reported } from './reported.ts';

export type { ReportChart } from './page/report-chart.ts';

/** What the page carries with it, as text. */
export interface PageAssets {
  /** `@font-face` rules. */
  readonly fontCss: string;
  /** Makes the page interactive; without it the page is whole. */
  readonly script: string;
}

/** The whole report as one page that opens from disk and fetches nothing. */
export function htmlReport(
  { summary, traces }: Reported,
  charts: readonly ReportChart[],
  { fontCss, script }: PageAssets,
): string {
  const title = `fourways: ${summary.scenarios.map((scenario) => scenarioTitle(scenario)).join(', ')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${fontCss}${STYLE}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>Which concurrency model?</h1>
${aboutLines(summary)
  .map((line) => `<p class="soft">${html(line).replace(/\d{4}-\d{2}-\d{2}/gu, '<span class="flag">$&</span>')}</p>`)
  .join('\n')}
${navigation(summary)}
</header>
<main id="report" tabindex="-1">
${answerSection(summary)}
${overviewFigures(charts)}
${chartsSection(summary, charts)}
${tablesSection({ summary, traces })}
${methodSection(summary)}
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
