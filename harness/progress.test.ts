import { describe, expect, test } from 'vitest';
import { cellOf, failedTrial, measurementOf, okTrial } from './fixtures/run.ts';
import { durationText, startProgress } from './progress.ts';

const cell = cellOf('cluster');
const SEC = 1000;

/** Plain progress on a clock that only moves when it is told to. */
function plain(guess: number, expectedMs: number) {
  const lines: string[] = [];
  let clock = 0;
  let left = guess;
  const progress = startProgress({ write: (text) => lines.push(text) }, guess, expectedMs, () => clock);
  /** As many are due after it as `due` says, or one less than before. */
  const trial = (round: number, tookMs: number, ended = okTrial(cell, round), due = left - 1): void => {
    progress.trialBegins(cell.id, round);
    clock += tookMs;
    left = due;
    progress.trialEnded(ended, due);
  };
  const pause = (ms: number): void => {
    clock += ms;
  };
  return { progress, lines, trial, pause };
}

test('without a terminal: one plain line for each thing that happened', () => {
  const { progress, lines, trial } = plain(10, 5 * SEC);
  progress.preparing('hello: calibrating');
  trial(0, 2 * SEC, okTrial(cell, 0, measurementOf({ requestsPerSec: 12_345.6 })));
  trial(1, 2 * SEC, failedTrial(cell, 1));
  progress.end();
  expect(lines).toEqual([
    'hello: calibrating\n',
    '[ 1/10] hello/cluster, round 1: 12,346 requests/s, 18 s left\n',
    '[ 2/10] hello/cluster, round 2: failed, a request had no reply within 10 s, 16 s left\n',
  ]);
});

describe('how many trials there are', () => {
  const counts = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, line.indexOf(']') + 1));

  test('is what the plan turns out to have, not the guess', () => {
    const { progress, lines, trial } = plain(9, SEC);
    progress.planned(2);
    trial(0, SEC, okTrial(cell, 0), 1);
    trial(1, SEC, okTrial(cell, 1), 0);
    expect(counts(lines)).toEqual(['[1/2]', '[2/2]']);
  });

  test('grows when a failed one comes again, and shrinks when a cell is given up', () => {
    const { lines, trial } = plain(4, SEC);
    trial(0, SEC, failedTrial(cell, 0), 4);
    trial(0, SEC, failedTrial(cell, 0, 'timeout', 1), 1);
    trial(1, SEC, okTrial(cell, 1), 0);
    expect(counts(lines)).toEqual(['[1/5]', '[2/3]', '[3/3]']);
    expect(lines.map((line) => line.replace(/.*, /, ''))).toEqual(['4 s left\n', '1 s left\n', '0 s left\n']);
  });

  test('the second try of a trial is named as such, whatever comes of it', () => {
    const { lines, trial } = plain(4, SEC);
    trial(0, SEC, failedTrial(cell, 0, 'timeout', 1));
    trial(0, SEC, okTrial(cell, 0, measurementOf({ requestsPerSec: 7 }), 2));
    expect(lines).toEqual([
      '[1/4] hello/cluster, round 1, try 2: failed, a request had no reply within 10 s, 3 s left\n',
      '[2/4] hello/cluster, round 1, try 3: 7 requests/s, 2 s left\n',
    ]);
  });
});

test('what a server says cannot move the cursor', () => {
  const { lines, trial } = plain(1, SEC);
  const failed = failedTrial(cell, 0);
  const reason = { kind: 'server', message: 'lost\u001b[2Jall' } as const;
  trial(0, SEC, { ...failed, outcome: { status: 'failed', reason } });
  expect(lines[0]).not.toContain('\u001b');
});

describe('the time left', () => {
  test('is told by the trials so far, not by the guess', () => {
    const { lines, trial } = plain(4, 100 * SEC);
    trial(0, 10 * SEC);
    trial(1, 20 * SEC);
    expect(lines.map((line) => line.replace(/.*, /, ''))).toEqual(['30 s left\n', '30 s left\n']);
  });

  test('does not count what passes between trials', () => {
    const { lines, trial, pause } = plain(2, SEC);
    pause(1000 * SEC);
    trial(0, 3 * SEC);
    expect(lines[0]).toContain(', 3 s left');
  });

  test('is nothing at the end', () => {
    const { lines, trial } = plain(1, SEC);
    trial(0, 3 * SEC);
    expect(lines[0]).toContain(', 0 s left');
  });
});

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [1499, '1 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [65_000, '1 min 5 s'],
  [3_599_600, '1 h 0 min'],
  [3_660_000, '1 h 1 min'],
  [90_000_000, '25 h 0 min'],
])('%d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
