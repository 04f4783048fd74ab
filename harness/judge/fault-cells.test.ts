/** Cells with faults are neither capacity nor latency: what is said of those is the same without them. */
import { expect, test } from 'vitest';
import { faultOf, faultPlanOf, plausibleFaultTrial } from '../fixtures/faults.ts';
import { steadyTrial } from '../fixtures/fake-measuring.ts';
import { additionOf, cellOf, complete, manifestOf, noRates, planOf, rateCellOf } from '../fixtures/run.ts';
import { faultCells } from '../plan/schedule/faults.ts';
import type { Run } from '../store/schema.ts';
import { sideBySide } from './change/cells.ts';
import { historyLine } from './history/line.ts';
import { standingOf } from './next/settling.ts';
import { summarise } from './summary.ts';
import { toldBeforehand } from './warnings/beforehand.ts';
import { tracesOf } from './traces/traces.ts';

const cells = [cellOf('single'), cellOf('cluster')];
const rates = cells.map((cell) => rateCellOf(cell.model, 400));
const scenarios = [planOf({ rates: [{ kind: 'number', requestsPerSec: 400 }] })];
const rounds = [0, 1, 2];
const trials = [...cells, ...rates].flatMap((cell) => rounds.map((round) => steadyTrial(cell, round)));
const common = additionOf(rates, { why: { kind: 'common', basis: null, cappedAt: null }, rounds });
const manifest = manifestOf({ cells, scenarios, latency: { ...noRates, rounds: 3 }, budgetMs: 60_000 });
const without: Run = { manifest, additions: [common], trials, end: complete };

const faults = faultPlanOf([faultOf('kill'), faultOf('block')]);
const broken = cells.flatMap((cell) => faultCells(cell, { ...manifest, faults }, 400));
const whole: Run = {
  ...without,
  manifest: { ...manifest, faults },
  additions: [common, additionOf(broken, { batch: 1, why: { kind: 'faults', basis: null }, rounds })],
  faulted: broken.flatMap((cell) => rounds.map((round) => plausibleFaultTrial(cell, round))),
};

test('in a summary', () => {
  const capacityAndLatency = (run: Run) => {
    const { scenarios: all, ...others } = summarise(run);
    return { ...others, scenarios: all.map(({ faults: _, ...scenario }) => scenario) };
  };
  expect(capacityAndLatency(whole)).toEqual(capacityAndLatency(without));
});

test('in what is compared, and in the history', () => {
  expect(sideBySide(whole, whole).pairs.map(({ id }) => id)).toEqual([...cells, ...rates].map(({ id }) => id));
  expect(sideBySide(whole, without).onlyIn).toEqual({ base: [], head: [] });
  expect(historyLine(whole, 'main')).toEqual(historyLine(without, 'main'));
});

test('in charts, and in what is answered; only the time of the run has theirs', () => {
  const { times, faults: _, ...traces } = tracesOf(whole);
  const { times: before, faults: none, ...others } = tracesOf(without);
  expect(traces).toEqual(others);
  expect(none).toBeUndefined();
  expect((times[0]?.trialsMs ?? 0) - (before[0]?.trialsMs ?? 0)).toBeGreaterThan(12 * 6000);
  expect(standingOf(whole)).toEqual(standingOf(without));
  expect(toldBeforehand(whole.manifest)).toEqual(toldBeforehand(manifest));
});
