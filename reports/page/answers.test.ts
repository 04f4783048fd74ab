import { expect, test } from 'vitest';
import { summary } from '../fixtures/summary.ts';
import { HOSTILE, scenario, summaryOf } from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { answerSection, reasonsSection } from './answers.ts';

function answerOf(sentence: string) {
  return { ...summary, scenarios: [{ ...scenario('cpu'), sentence }] };
}

test('what came out is told apart from what follows', () => {
  const markup = reasonsSection(answerOf('a served 1.86 times the rate of b. It takes 2.5 ms. All were limited.'));
  expect(markup).toContain(
    '<p class="sentence"><strong>a served 1.86 times the rate of b.</strong> It takes 2.5 ms. All were limited.</p>',
  );
  expect(reasonsSection(answerOf('a is best.'))).toContain(
    '<p class="sentence"><strong>a is best.</strong></p>\n<p class="ways">',
  );
});

test('each of several runs has its answer below its label', () => {
  const runs = ['before', 'after'].map((label) => ({ label, summary: answerOf(`${label} is best. So it is.`) }));
  const markup = reasonsSection(sideBySide(runs).summary);
  for (const label of ['before', 'after']) {
    expect(markup).toContain(`<h4>${label}</h4>\n<p class="sentence"><strong>${label} is best.</strong> So it is.</p>`);
  }
});

test('hostile answers and labels are shown and not run', () => {
  const runs = [HOSTILE, 'b'].map((label) => ({ label, summary: answerOf(`${HOSTILE}. ${HOSTILE}`) }));
  const { summary: both } = sideBySide(runs);
  expect(answerSection(both, []) + reasonsSection(both)).not.toMatch(/<(?:img|script|\/script)/u);
});

test('where requests per second compare nothing, the first screen shows what the same work costs', () => {
  const cpu = scenario('cpu');
  const unranked = { ...cpu, answers: [], decision: null, comparisons: [] };
  const held = {
    ...unranked,
    cells: cpu.cells.map((cell) => ({
      ...cell,
      result: cell.result && { ...cell.result, limitedBy: { ...cell.result.limitedBy, by: 'machine' as const } },
    })),
  };
  const markup = answerSection(summaryOf(held), []);
  expect(markup).toContain('<ul class="verdicts bare">');
  expect(markup).toContain('CPU per request, less is better</p>');
  expect(markup.match(/<li><span>/gu)).toHaveLength(cpu.cells.filter(({ result }) => result !== null).length);
});
