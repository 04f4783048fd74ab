/** The top of the page: the result in words and as one image, and then why. */

import { qualification, verdictLine } from '../../harness/judge/answer/decision.ts';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { capital, scenarioWords } from '../../harness/judge/words.ts';
import { html } from '../words/escape.ts';
import { rateText } from '../words/rates.ts';
import { incompleteText, type Labelled, runsOf, type Several } from '../words/runs.ts';
import { barsOf } from './bars.ts';
import { chartsAnchor, overviewFigures } from './charts.ts';
import type { PageChart } from './figure.ts';
import { advice, type Markup, section } from './markup.ts';
import { tablesAnchor } from './tables.ts';

/** A sentence per scenario and the image of the whole run, and then what qualifies them. */
export function answerSection(summary: Several<Summary>, charts: readonly PageChart[]): Markup {
  const bars = barsOf(summary);
  const items = summary.scenarios.map((scenario, i) => verdict(scenario, bars(scenario), i));
  // The first screen has a figure, whether or not there is an image for it.
  const isDrawn = charts.some(({ scenario, kind }) => scenario === null && kind === 'drawn');
  return [
    '<section aria-labelledby="answer">',
    '<h2 id="answer" class="unseen">The answer</h2>',
    `<ul class="verdicts${isDrawn ? '' : ' bare'}">\n${items.join('\n')}\n</ul>`,
    overviewFigures(charts),
    ...notices(summary),
    '</section>',
  ].join('\n');
}

function verdict(scenario: Several<ScenarioSummary>, bars: Markup, index: number): Markup {
  const title = `<a href="#${chartsAnchor(index)}">${html(scenarioWords(scenario))}</a>`;
  return `<li><h3>${title}</h3>\n${verdictTexts(scenario).join('\n')}\n${bars}</li>`;
}

/** Of a single run, or of each of several behind its label. */
function verdictTexts(scenario: Several<ScenarioSummary>): Markup[] {
  const runs = runsOf(scenario);
  if (runs.length === 0) {
    const more = qualification(scenario);
    return [
      `<p>${html(capital(verdictLine(scenario)))}.${more === '' ? '' : ` <span class="soft">${html(capital(more))}.</span>`}</p>`,
    ];
  }
  return runs.map(({ label, of }) => `<p><strong>${html(label)}:</strong> ${html(verdictLine(of))}.</p>`);
}

function notices(summary: Several<Summary>): Markup[] {
  const { warnings } = summary;
  const incomplete = incompleteText(summary);
  const lines: Markup[] = [];
  if (incomplete !== null) {
    const why = 'Not every planned trial was measured.';
    lines.push(`<p class="notice"><strong>${html(incomplete)}.</strong> ${why}</p>`);
  }
  if (warnings.length > 0) {
    const count = warnings.length === 1 ? 'the warning' : `the ${warnings.length} warnings`;
    lines.push(`<p class="notice">Read <a href="#warnings">${count}</a> before you compare.</p>`);
  }
  return lines;
}

/** Of each scenario the whole answer, with its reasons and costs. */
export function reasonsSection(summary: Several<Summary>): Markup {
  const items = summary.scenarios.map(reasons);
  return section('reasons', 'In detail', `<ul class="answers">\n${items.join('\n')}\n</ul>`);
}

function reasons(scenario: Several<ScenarioSummary>, index: number): Markup {
  const title = html(scenarioWords(scenario));
  return [
    `<li><h3>${title}</h3>`,
    ...sentences(scenario),
    ...atRates(scenario),
    `<p class="ways"><a href="#${chartsAnchor(index)}">Charts<span class="unseen"> of ${title}</span></a>`,
    `<a href="#${tablesAnchor(index)}">Tables<span class="unseen"> of ${title}</span></a></p></li>`,
  ].join('\n');
}

/** Of a single run, or of each of several below its label. */
function sentences(scenario: Several<ScenarioSummary>): Markup[] {
  const runs = runsOf(scenario);
  if (runs.length === 0) return [sentence(scenario.sentence)];
  return runs.map(({ label, of }: Labelled<ScenarioSummary>) => `<h4>${html(label)}</h4>\n${sentence(of.sentence)}`);
}

/** The first sentence is the result and stands out; reasons and costs follow. */
function sentence(text: string): Markup {
  const [, first = text, rest = ''] = /^(.*?[.!?])(\s.*)$/su.exec(text) ?? [];
  return `<p class="sentence"><strong>${advice(first)}</strong>${advice(rest)}</p>`;
}

function atRates({ latency }: ScenarioSummary): Markup[] {
  if (latency === null) return [];
  const found = [
    ...latency.common.map(({ offeredPerSec, sentence: text }) => `At ${rateText(offeredPerSec)}: ${text}`),
    ...(latency.slo === null ? [] : [latency.slo.sentence]),
  ];
  return found.map((text) => `<p class="also">${advice(text)}</p>`);
}
