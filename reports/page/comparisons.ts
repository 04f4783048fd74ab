import type { Comparison, ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { comparisonCaption, PAIR_HEADS, type PairLine, pairLines, type RatioText } from '../words/comparisons.ts';
import { html } from '../words/escape.ts';
import { counted } from '../words/figures.ts';
import { advice, captionOf, folded, type Markup, scrolling } from './markup.ts';

/** More lines than this are folded away: the pairs of a large matrix are looked up and not read. */
const SHOWN = 16;

/** Every pair of cells with its verdict and its costs, and what to change where there is no verdict. */
export function comparisonSection(summary: Summary, scenario: ScenarioSummary): Markup {
  const lines = pairLines(scenario);
  if (lines.length === 0) return '';
  const caption = captionOf(comparisonCaption(summary));
  const head = PAIR_HEADS.map(
    (name) => `<th scope="col"${name === 'throughput' ? ' class="number"' : ''}>${name}</th>`,
  );
  const body = `<tbody>${lines.map(row).join('\n')}</tbody>`;
  const table = scrolling(
    'Model against model',
    `<table>${caption}<thead><tr>${head.join('')}</tr></thead>\n${body}</table>`,
  );
  const content = lines.length > SHOWN ? folded(counted(lines.length, 'pair'), table) : table;
  return `<h4>Model against model</h4>\n${content}`;
}

function row({ pair, ratio, isDerived, verdict, verdictText, cpu, memory, reason, hint }: PairLine): Markup {
  const next = hint === null ? '' : `; <span class="soft">${advice(hint)}</span>`;
  return (
    `<tr><th scope="row" class="name">${html(pair)}</th><td class="number interval${isDerived ? ' derived' : ''}">${interval(ratio, '')}</td>` +
    `<td class="${look(verdict)}">${html(verdictText)}</td><td>${interval(cpu, cpu.word)}</td><td>${interval(memory, memory.word)}</td>` +
    `<td class="prose">${html(reason)}${next}</td></tr>`
  );
}

/** A line may end before the interval, and nowhere within it. */
function interval({ point, interval: ends }: RatioText, word: string): Markup {
  const figure = word === '' ? point : `${point} ${word}`;
  return ends === '' ? html(figure) : `${html(figure)} <span class="range">${html(ends)}</span>`;
}

/** The word says it all; the look is for finding it. */
function look(verdict: Comparison['verdict']): string {
  switch (verdict) {
    case 'better':
    case 'worse':
    case 'equivalent':
      return 'decided';
    case 'inconclusive':
      return 'soft';
    case 'invalid':
      return 'unranked';
    default:
      return verdict satisfies never;
  }
}
