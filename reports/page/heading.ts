/** What the page is called: by what it compares, so that no two pages are called alike. */
import type { Summary } from '../../harness/judge/summary-schema.ts';
import { scenarioTitle } from '../cells.ts';
import { counted } from '../figures.ts';
import { runsOf, type Several } from '../runs.ts';

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
