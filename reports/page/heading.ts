/** What the page is called: by what it compares, so that no two pages are called alike. */
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { scenarioTitle } from '../words/cells.ts';
import { counted } from '../words/figures.ts';
import { runsOf, type Several } from '../words/runs.ts';
import type { Markup } from './markup.ts';

/** More names than this are counted and not listed. */
const MOST_NAMES = 5;

/** The question that the page answers, in plain text. */
export function heading(summary: Several<Summary>): string {
  const labels = runsOf(summary).map(({ label }) => label);
  if (labels.length > MOST_NAMES) return `${labels.length} runs side by side`;
  if (labels.length > 1) return `${listed(labels, 'and')} side by side`;
  const models = [...new Set(summary.scenarios.flatMap(({ cells }) => cells.map(({ model }) => model)))];
  if (models.length > MOST_NAMES) return `Which of ${models.length} concurrency models?`;
  return models.length === 1 ? `How well does ${models.join('')} do?` : `${listed(models, 'or')}?`;
}

/** The scenarios, in plain text: `hello · cpu ms=10`. */
export function scenariosLine({ scenarios }: Summary): string {
  return scenarios.map((scenario) => scenarioTitle(scenario)).join(' · ');
}

/** For the tab of the browser, where only the beginning is seen. */
export function tabTitle(summary: Summary): string {
  const { scenarios } = summary;
  const where = scenarios.length > MOST_NAMES ? counted(scenarios.length, 'scenario') : scenariosLine(summary);
  return `${heading(summary)} ${where} – fourways`;
}

function listed(names: readonly string[], word: string): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

/** Links to the parts of the page, with how much there is of what a reader would rather not find. */
export function navigation({ warnings, failures }: Summary): Markup {
  const links = [
    ['answer', 'Answer'],
    ['charts', 'Charts'],
    ['tables', 'Tables'],
    ['method', 'Method'],
    ['environment', 'Environment'],
    ['warnings', `Warnings${count(warnings)}`],
    ['failures', `Failed trials${count(failures)}`],
  ] as const;
  const items = links.map(([anchor, text]) => `<li><a href="#${anchor}">${text}</a></li>`);
  return `<nav aria-label="Parts of this report"><ul>\n${items.join('\n')}\n</ul></nav>`;
}

function count(items: readonly unknown[]): Markup {
  return items.length === 0 ? '' : ` <span class="count">${items.length}</span>`;
}
