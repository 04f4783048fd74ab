/** The top of the page: what came out, in plain words. */
import type { ScenarioSummary, Summary } from '../../harness/judge/summary-schema.ts';
import { scenarioTitle } from '../cells.ts';
import { html } from '../escape.ts';
import { rateText } from '../rates.ts';
import { incompleteText, type Several, textsOf } from '../runs.ts';
import { chartsAnchor } from './charts.ts';
import { type Markup, section } from './markup.ts';
import { tablesAnchor } from './tables.ts';

/** An answer per scenario, below what a reader must know before believing it. */
export function answerSection(summary: Several<Summary>): Markup {
  const items = summary.scenarios.map(answer);
  return section('answer', 'The answer', `${notices(summary)}<ul class="answers">\n${items.join('\n')}\n</ul>`);
}

function notices(summary: Several<Summary>): Markup {
  const { warnings } = summary;
  const incomplete = incompleteText(summary);
  const lines: Markup[] = [];
  if (incomplete !== null) {
    const why = 'Not every planned trial was measured.';
    lines.push(`<p class="notice"><strong>${html(incomplete)}.</strong> ${why}</p>\n`);
  }
  if (warnings.length > 0) {
    const count = warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`;
    lines.push(`<p class="notice">Read with <a href="#warnings">${count}</a>.</p>\n`);
  }
  return lines.join('');
}

function answer(scenario: Several<ScenarioSummary>, index: number): Markup {
  const title = html(scenarioTitle(scenario));
  return [
    `<li><h3>${title}</h3>`,
    ...textsOf(scenario, ({ sentence }) => sentence).map((text) => `<p class="sentence">${html(text)}</p>`),
    ...atRates(scenario),
    `<p class="ways"><a href="#${chartsAnchor(index)}">Charts<span class="unseen"> of ${title}</span></a>`,
    `<a href="#${tablesAnchor(index)}">Tables<span class="unseen"> of ${title}</span></a></p></li>`,
  ].join('\n');
}

function atRates({ latency }: ScenarioSummary): Markup[] {
  if (latency === null) return [];
  const sentences = [
    ...latency.common.map(({ offeredPerSec, sentence }) => `At ${rateText(offeredPerSec)}: ${sentence}`),
    ...(latency.slo === null ? [] : [latency.slo.sentence]),
  ];
  return sentences.map((sentence) => `<p class="also">${html(sentence)}</p>`);
}
