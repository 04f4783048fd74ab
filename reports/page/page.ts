import { overallAnswer } from '../../harness/judge/answer/decision.ts';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { list, scenarioTitle } from '../../harness/judge/words.ts';
import { aboutLines, subject } from '../words/cells.ts';
import { html } from '../words/escape.ts';
import { counted } from '../words/figures.ts';
import { type Reported, runsOf, type Several, textsOf } from '../words/runs.ts';
import { answerSection, reasonsSection } from './answers.ts';
import type { PageAssets } from './assets.ts';
import { chartsSection } from './charts.ts';
import { environmentSection } from './environment.ts';
import { bytesOf, lighter, MOST_BYTES, type PageChart, type ReportChart } from './figure.ts';
import { faultsSection, hasFaults } from './faults.ts';
import { type Link, linkSection } from './link.ts';
import { type Markup, notice } from './markup.ts';
import { failuresSection, methodSection, warningsSection } from './method.ts';
import { profilesSection } from './profiles/section.ts';
import { tablesSection } from './tables.ts';

export { type ReportChart, reportChart } from './figure.ts';

/**
 * The whole report as one page that opens from disk and fetches nothing. Where it would be too large, it first goes without
 * what draws the reports of links, and then links to the largest images take their place.
 */
export function htmlReport(
  report: Reported,
  charts: readonly ReportChart[],
  assets: PageAssets,
  link: Link | null = null,
): string {
  const whole = page(report, charts, assets, link);
  if (bytesOf(whole) <= MOST_BYTES) return whole;
  const { viewer: _, ...slim } = assets;
  const slimmer = page(report, charts, slim, link);
  const excess = bytesOf(slimmer) - MOST_BYTES;
  return excess > 0 ? page(report, lighter(charts, excess), slim, link) : slimmer;
}

function page(
  { summary, traces, profiles = null }: Reported,
  charts: readonly PageChart[],
  { style, script, policy, viewer }: PageAssets,
  link: Link | null,
): string {
  return `<!doctype html>
<html lang="en"${link?.kind === 'opened' ? ' data-linked' : ''}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(tabTitle(summary))}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>${html(heading(summary))}</h1>
${resultLines(summary).join('\n')}
</header>
<main id="report" tabindex="-1">
${answerSection(summary, charts)}
<section aria-label="About this report">
${link?.kind === 'opened' ? notice('Drawn from the figures in its address, which nobody checked against a run.') : ''}
${aboutLines(summary)
  .map(
    (line) => `<p class="soft about">${html(line).replace(/\d{4}-\d{2}-\d{2}/gu, '<span class="flag">$&</span>')}</p>`,
  )
  .join('\n')}
${navigation(summary, profiles !== null, link)}
</section>
${reasonsSection(summary)}
${faultsSection(summary, charts)}
${chartsSection(summary, charts)}
${profilesSection(profiles, summary)}
${tablesSection({ summary, traces })}
${warningsSection(summary)}
${failuresSection(summary)}
${link === null ? '' : linkSection(link)}
${methodSection({ summary, traces })}
${environmentSection(summary)}
</main>
<footer class="soft">Written by fourways ${html(summary.version)}.</footer>
${viewer === undefined ? '' : `<template id="viewer">${viewer}</template>\n`}<script>${script}</script>
</body>
</html>
`;
}

/** The answer over all scenarios; of several runs that of each. */
function resultLines(summary: Several<Summary>): Markup[] {
  return textsOf(summary, overallAnswer).map((text) => `<p class="result">${html(text)}</p>`);
}

/** More names than this are counted and not listed. */
const MOST_NAMES = 5;

/** The question that the page answers, in plain text; it names what is compared, so that pages can be told apart. */
export function heading(summary: Several<Summary>): string {
  const labels = runsOf(summary).map(({ label }) => label);
  if (labels.length > MOST_NAMES) return `${labels.length} runs side by side`;
  if (labels.length > 1) return `${list(labels)} side by side`;
  const models = [...new Set(summary.scenarios.flatMap(({ cells }) => cells.map(({ model }) => model)))];
  if (models.length > MOST_NAMES) {
    const kind = subject(summary.scenarios.flatMap(({ cells }) => cells));
    return `Which of ${models.length} ${kind === 'model' ? 'concurrency models' : 'servers'}?`;
  }
  return models.length === 1 ? `How well does ${models.join('')} do?` : `${list(models, 'or')}?`;
}

/** The scenarios, in plain text: `hello · cpu ms=10`. */
function scenariosLine({ scenarios }: Summary): string {
  return scenarios.map((scenario) => scenarioTitle(scenario)).join(' · ');
}

/** For the browser tab, where only the beginning is seen. */
export function tabTitle(summary: Summary): string {
  const { scenarios } = summary;
  const where = scenarios.length > MOST_NAMES ? counted(scenarios.length, 'scenario') : scenariosLine(summary);
  return `${heading(summary)} ${where} – fourways`;
}

/** Links to the parts of the page, with the number of warnings and failed trials. */
function navigation(summary: Summary, isProfiled: boolean, link: Link | null): Markup {
  const { warnings, failures } = summary;
  const links = [
    ['reasons', 'In detail'],
    ...(hasFaults(summary) ? [['faults', 'Faults'] as const] : []),
    ['charts', 'Charts'],
    ...(isProfiled ? [['profiles', 'CPU time'] as const] : []),
    ['tables', 'Tables'],
    ['warnings', `Warnings${count(warnings)}`],
    ['failures', `Failed trials${count(failures)}`],
    ...(link === null ? [] : [['link', 'Link'] as const]),
    ['method', 'Method'],
    ['environment', 'Environment'],
  ] as const;
  const items = links.map(([anchor, text]) => `<li><a href="#${anchor}">${text}</a></li>`);
  return `<nav aria-label="Parts of this report"><ul>\n${items.join('\n')}\n</ul></nav>`;
}

function count(items: readonly unknown[]): Markup {
  return items.length === 0 ? '' : ` <span class="count">${items.length}</span>`;
}
