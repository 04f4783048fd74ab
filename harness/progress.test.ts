import { describe, expect, test } from 'vitest';
import { cellOf, failedTrial, measurementOf, okTrial } from './fixtures/run.ts';
import { durationText, startProgress } from './progress.ts';

const cell = cellOf('cluster');
const SEC = 1000;

/** Plain progress on a clock that only moves when it is told to. */
function plain(total: number, expectedMs: number) {
  const lines: string[] = [];
  let clock = 0;
  const progress = startProgress({ write: (text) => lines.push(text) }, total, expectedMs, () => clock);
  const trial = (round: number, tookMs: number, ended = okTrial(cell, round)): void => {
    progress.trialBegins(cell.id, round);
    clock += tookMs;
    progress.trialEnded(ended);
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
