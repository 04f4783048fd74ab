import { expect, test } from 'vitest';
import { summary } from '../../../reports/fixtures/summary.ts';
import type { ScenarioSummary } from '../schema/summary.ts';
import { driftWarning } from './warnings.ts';

const [, cpu] = summary.scenarios;

/** As if a model had been measured on for a while, on a machine that serves so many times what it served before. */
function later(model: string, factor: number): ScenarioSummary {
  if (cpu === undefined) throw new Error('the fixture has no such scenario');
  const cells = cpu.cells.map((cell) => {
    if (cell.model !== model || cell.result === null) return cell;
    const { requestsPerSec } = cell.result;
    return {
      ...cell,
      result: { ...cell.result, requestsPerSec: { ...requestsPerSec, point: requestsPerSec.point * factor } },
    };
  });
  return { ...cpu, cells };
}

test('figures that agree with the ratios, but for the margin, are not worth a word', () => {
  expect(driftWarning(later('cluster', 1), 0.03)).toEqual([]);
  expect(driftWarning(later('cluster', 1.02), 0.03)).toEqual([]);
});

test('where figures and ratios part, the pairs are named', () => {
  const [warning, ...more] = driftWarning(later('single', 0.9), 0.03);
  expect(more).toEqual([]);
  expect(warning).toMatchObject({ code: 'drift', nextStep: expect.stringContaining('--rounds') });
  expect(warning?.message).toMatch(
    /^cpu:ms=10: the machine changed .+: cluster ÷ single is 2\.\d\d by its figures and 1\.9\d by rounds, fork-pool ÷ single/,
  );
  expect(warning?.message).not.toContain('fork-pool ÷ cluster');
});
