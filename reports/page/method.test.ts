import { expect, test } from 'vitest';
import { latencySummary } from '../fixtures/latency-summary.ts';
import { summary } from '../fixtures/summary.ts';
import { tracesFor } from '../fixtures/traces.ts';
import { AFTER, BEFORE } from '../fixtures/two-runs.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { methodSection, timeFacts } from './method.ts';

/** The facts by their names. */
function factsOf(source: typeof summary): Record<string, string> {
  const entries = methodSection({ summary: source }).matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gu);
  return Object.fromEntries([...entries].map(([, name = '', text = '']) => [name, text]));
}

test('says whether the number of rounds was fixed or followed from the answers', () => {
  expect(factsOf(summary)['Rounds']).toBe(
    '3 rounds of every cell, then more where no model was known to be within the margin, within a budget of 5 minutes, in a random order drawn from seed 42',
  );
  expect(factsOf({ ...summary, rounds: 1, budgetMs: null })['Rounds']).toBe(
    '1 round of every cell, in a random order drawn from seed 42',
  );
});

test('says how estimates and comparisons come about, and what the margin is', () => {
  const facts = factsOf({ ...summary, margin: 0.05 });
  expect(facts['Estimates']).toMatch(/Huber.*log scale.*95% interval.*Student/u);
  expect(facts['Comparisons']).toMatch(/with the best.*same round.*repeated looks.*95%/u);
  expect(facts['Pairs']).toMatch(/all pairs of a scenario.*95%/u);
  expect(facts['Margin']).toContain('±5%');
  expect(facts['Spread']).toBeUndefined();
});

test('tells where the time went where the trials are at hand', () => {
  const markup = methodSection({ summary, traces: tracesFor(...summary.scenarios) });
  expect(markup).toContain('<dt>Duration</dt><dd>4.17 min from start to end, 3.26 min within trials</dd>');
  expect(markup).toContain(
    '<dt>A trial at full load</dt><dd>7.94 s: 212 ms until the server answered, 1.52 s warming up',
  );
  expect(markup).toContain('What the columns on CPU time and load generation mean');
  expect(factsOf(summary)['Duration']).toBeUndefined();
});

test('each of several runs has its own times', () => {
  const times = (elapsedMs: number) => ({ ...tracesFor(), times: [{ elapsedMs, trialsMs: 1000, trials: [] }] });
  const markup = methodSection(
    sideBySide([
      { ...BEFORE, traces: times(60_000) },
      { ...AFTER, traces: times(120_000) },
    ]),
  );
  expect(markup).toMatch(
    /<h3>before<\/h3>[\s\S]*1\.00 min from start[\s\S]*<h3>after<\/h3>[\s\S]*2\.00 min from start/u,
  );
});

test('of several runs says where verdicts between them come from', () => {
  expect(methodSection(sideBySide([BEFORE, AFTER]))).toContain('use fourways compare.');
});

test('counts the trials at given rates too', () => {
  const [first] = latencySummary.scenarios;
  const count = (cells: readonly { readonly trialsOk: number; readonly trialsFailed: number }[]) =>
    cells.reduce((sum, { trialsOk, trialsFailed }) => sum + trialsOk + trialsFailed, 0);
  if (first?.latency == null) throw new Error('a scenario with latency is needed');
  const [full, given] = [count(first.cells), count(first.latency.cells)];
  expect(given).toBeGreaterThan(0);
  expect(factsOf({ ...latencySummary, scenarios: [first] })['Trials']).toContain(
    `${full + given} trials: ${full} at full load and ${given} at given rates; each measures`,
  );
});

const trial = { load: 'capacity', totalMs: 7940, phases: [], windowMs: 5003 } as const;

test('how long the run took, in the unit that fits', () => {
  const durationOf = (elapsedMs: number | null) => timeFacts({ elapsedMs, trialsMs: 900, trials: [] })[0]?.[1];
  expect(durationOf(59_000)).toBe('59.0 s from start to end, 900 ms within trials');
  expect(durationOf(246_000)).toBe('4.10 min from start to end, 900 ms within trials');
  expect(durationOf(5_400_000)).toBe('1.50 h from start to end, 900 ms within trials');
});

test('a run without an end has no length from start to end', () => {
  expect(timeFacts({ elapsedMs: null, trialsMs: 900, trials: [] })).toEqual([['Duration', '900 ms within trials']]);
});

test('what a trial took, phase by phase, for each kind of load', () => {
  const phases = [
    { phase: 'spawn', ms: 212 },
    { phase: 'leadIn', ms: 1520 },
  ] as const;
  const facts = timeFacts({
    elapsedMs: null,
    trialsMs: 0,
    trials: [
      { ...trial, phases },
      { ...trial, load: 'rate' },
    ],
  });
  expect(facts.slice(1)).toEqual([
    [
      'A trial at full load',
      '7.94 s: 212 ms until the server answered, 1.52 s at the rate before the window; the measured window was 5.00 s of it (medians over trials)',
    ],
    ['A trial at a given rate', '7.94 s; the measured window was 5.00 s of it (medians over trials)'],
  ]);
});
