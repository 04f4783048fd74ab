import type { Comparison, ScenarioSummary } from '../../harness/judge/summary-schema.ts';
import { COMPARISON_HEADS, type ComparisonLine, comparisonLines } from '../comparison-lines.ts';
import { html } from '../escape.ts';
import { counted } from '../figures.ts';
import { advice, folded, type Markup, scrolling } from './markup.ts';

const CAPTION = '<caption>The ratio is the first of the pair ÷ the second</caption>';
/** More lines than this are folded away: the pairs of a large matrix are looked up and not read. */
const SHOWN = 16;

/** Every pair of cells with its verdict, and what to change where there is none. */
export function comparisonSection(scenario: ScenarioSummary): Markup {
  const lines = comparisonLines(scenario);
  if (lines.length === 0) return '';
  const head = COMPARISON_HEADS.map(
    (name) => `<th scope="col"${name === 'ratio' ? ' class="number"' : ''}>${name}</th>`,
  );
  const body = `<tbody>${lines.map(row).join('\n')}</tbody>`;
  const table = scrolling(
    'Model against model',
    `<table>${CAPTION}<thead><tr>${head.join('')}</tr></thead>\n${body}</table>`,
  );
  const content = lines.length > SHOWN ? folded(counted(lines.length, 'comparison'), table) : table;
  return `<h3>Model against model</h3>\n${content}`;
}

function row({ pair, metric, ratio, isDerived, verdict, reason, hint }: ComparisonLine): Markup {
  const next = hint === null ? '' : `; <span class="soft">${advice(hint)}</span>`;
  return (
    `<tr><th scope="row" class="name">${html(pair)}</th><td>${html(metric)}</td><td class="number${isDerived ? ' derived' : ''}">${html(ratio)}</td>` +
    `<td class="${look(verdict)}">${verdict}</td><td class="prose">${html(reason)}${next}</td></tr>`
  );
}

/** The word says it all; the look is for finding it. */
function look(verdict: Comparison['verdict']): string {
  switch (verdict) {
    case 'better':
    case 'worse':
      return 'decided';
    case 'inconclusive':
      return 'soft';
    case 'invalid':
      return 'unranked';
    default:
      return verdict satisfies never;
  }
}
