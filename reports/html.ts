import type { ScenarioSummary, Summary } from '../harness/judge/summary-schema.ts';
import { machineLine, scenarioTitle } from './cells.ts';
import { html } from './escape.ts';
import { environmentSection } from './page/environment.ts';
import type { Markup } from './page/markup.ts';
import { failuresSection, methodSection, warningsSection } from './page/method.ts';
import { type ReportChart, scenarioSection } from './page/scenario.ts';
import { STYLE } from './page/style.ts';
import { rateText } from './rates.ts';

export type { ReportChart } from './page/scenario.ts';

/** Nothing may run and nothing may be fetched, whatever a run file contains. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The whole report as one page without scripts that opens from disk. */
export function htmlReport(summary: Summary, charts: readonly ReportChart[]): string {
  const title = `fourways: ${summary.scenarios.map((scenario) => scenarioTitle(scenario)).join(', ')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Which concurrency model?</h1>
<p class="soft">${html(machineLine(summary))} · ${html(summary.startedAt.slice(0, 10))}</p>
</header>
<main>
${notice(summary)}${answers(summary)}
${summary.scenarios.map((scenario, i) => scenarioSection(summary, scenario, chartsOf(scenario.id, charts), anchor(i))).join('\n')}
${methodSection(summary)}
${environmentSection(summary)}
${warningsSection(summary)}
${failuresSection(summary)}
</main>
<footer class="soft">Written by fourways ${html(summary.version)}.</footer>
</body>
</html>
`;
}

function notice({ complete, warnings }: Summary): Markup {
  const lines: Markup[] = [];
  if (!complete)
    lines.push(
      '<p class="notice"><strong>The run is not complete.</strong> Not every planned trial was measured.</p>\n',
    );
  if (warnings.length > 0) {
    const count = warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`;
    lines.push(`<p class="notice">Read with <a href="#warnings">${count}</a>.</p>\n`);
  }
  return lines.join('');
}

function answers({ scenarios }: Summary): Markup {
  const items = scenarios.map(
    (scenario, i) =>
      `<li><a href="#${anchor(i)}">${html(scenarioTitle(scenario))}</a>\n<p>${html(scenario.sentence)}</p>${atRates(scenario)}</li>`,
  );
  return `<ul class="answers">\n${items.join('\n')}\n</ul>`;
}

function atRates({ latency }: ScenarioSummary): Markup {
  if (latency === null) return '';
  const sentences = [
    ...latency.common.map(({ offeredPerSec, sentence }) => `At ${rateText(offeredPerSec)}: ${sentence}`),
    ...(latency.slo === null ? [] : [latency.slo.sentence]),
  ];
  return sentences.map((sentence) => `\n<p class="also">${html(sentence)}</p>`).join('');
}

function chartsOf(scenario: string, charts: readonly ReportChart[]): ReportChart[] {
  return charts.filter((chart) => chart.scenario === scenario);
}

function anchor(index: number): string {
  return `scenario-${index + 1}`;
}
