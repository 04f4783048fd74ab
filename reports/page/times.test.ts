import { expect, test } from 'vitest';
import { timeFacts } from './method.ts';

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
      '7.94 s: 212 ms until the server answered, 1.52 s with the rate before the window; the measured window was 5.00 s of it (medians over trials)',
    ],
    ['A trial at a given rate', '7.94 s; the measured window was 5.00 s of it (medians over trials)'],
  ]);
});
