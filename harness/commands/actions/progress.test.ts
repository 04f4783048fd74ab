import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { faultCellOf, faultOf, faultRecordOf, faultTrialOf } from '../../fixtures/faults.ts';
import { measurementOf, openMeasurementOf, repeated } from '../../fixtures/measurement.ts';
import { additionOf, cellOf, failedTrial, okTrial } from '../../fixtures/run.ts';
import type { Outlook } from '../../plan/schedule/outlook.ts';
import { CLEAR_LINE, durationText, startProgress, stepLine } from './progress.ts';

const cell = cellOf('cluster');
const SEC = 1000;

/** Plain progress on a clock that only moves when it is told to, of a run with so many trials of one length. */
function plain(trials: number, expectedMs: number) {
  const lines: string[] = [];
  let clock = 0;
  let left = trials;
  const outlookOf = (count: number): Outlook => ({ trials: count, ms: count * expectedMs, budgetMs: 0 });
  const progress = startProgress({ write: (text) => lines.push(text) }, () => clock);
  progress.planned(outlookOf(trials));
  /** So much is left after it as `after` says, or one trial less than before. */
  const trial = (
    round: number,
    tookMs: number,
    ended = okTrial(cell, round),
    after: number | Outlook = left - 1,
  ): void => {
    progress.trialBegins(cell, round);
    clock += tookMs;
    const outlook = typeof after === 'number' ? outlookOf(after) : after;
    left = outlook.trials;
    progress.trialEnded(ended, outlook);
  };
  const pause = (ms: number): void => {
    clock += ms;
  };
  return { progress, lines, trial, pause, outlookOf };
}

/** What each line says of the time left. */
const timesLeft = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/.*, (.*) left\n/, '$1'));

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
    const { progress, lines, trial, outlookOf } = plain(9, SEC);
    progress.planned(outlookOf(2));
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

  test('grows when cells are added because of what was measured', () => {
    const { lines, trial } = plain(2, SEC);
    trial(0, SEC, okTrial(cell, 0), 1);
    trial(1, SEC, okTrial(cell, 1), 8);
    trial(2, SEC, okTrial(cell, 2), 7);
    expect(counts(lines)).toEqual(['[1/2]', '[ 2/10]', '[ 3/10]']);
    expect(timesLeft(lines)).toEqual(['1 s', '8 s', '7 s']);
  });

  test('is what was done in the end, when less came than was guessed', () => {
    const { lines, trial } = plain(12, SEC);
    trial(0, SEC);
    trial(1, SEC, okTrial(cell, 1), 0);
    expect(counts(lines)).toEqual(['[ 1/12]', '[2/2]']);
    expect(timesLeft(lines)).toEqual(['11 s', '0 s']);
  });

  test('the second try of a trial is named as such, whatever comes of it', () => {
    const { lines, trial } = plain(4, SEC);
    trial(0, SEC, failedTrial(cell, 0, 'timeout', 1));
    trial(0, SEC, okTrial(cell, 0, measurementOf({ requestsPerSec: 7 }), 2));
    expect(lines).toEqual([
      '[1/4] hello/cluster, round 1, attempt 2: failed, a request had no reply within 10 s, 3 s left\n',
      '[2/4] hello/cluster, round 1, attempt 3: 7 requests/s, 2 s left\n',
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
  test('is what the plan expects, until a trial has shown the pace', () => {
    const { lines, trial } = plain(4, 10 * SEC);
    trial(0, 10 * SEC);
    expect(timesLeft(lines)).toEqual(['30 s']);
  });

  test('is told by the trials so far, not by the plan', () => {
    const { lines, trial } = plain(4, 100 * SEC);
    trial(0, 10 * SEC);
    trial(1, 20 * SEC);
    expect(timesLeft(lines)).toEqual(['30 s', '30 s']);
  });

  test('is at the pace of the trials, though those that are left take longer than those that were', () => {
    const { progress, lines, trial } = plain(0, 0);
    progress.planned({ trials: 4, ms: 2 * SEC + 2 * 10 * SEC, budgetMs: 0 });
    trial(0, 2 * SEC, okTrial(cell, 0), { trials: 3, ms: 21 * SEC, budgetMs: 0 });
    trial(1, 2 * SEC, okTrial(cell, 1), { trials: 2, ms: 20 * SEC, budgetMs: 0 });
    expect(timesLeft(lines)).toEqual(['42 s', '40 s']);
  });

  test('is at the same pace when the plan grows', () => {
    const { lines, trial, outlookOf } = plain(3, SEC);
    trial(0, 2 * SEC);
    trial(1, 2 * SEC);
    trial(2, 2 * SEC, okTrial(cell, 2), outlookOf(10));
    expect(timesLeft(lines)).toEqual(['4 s', '2 s', '20 s']);
  });

  test('is at the same pace when a failed trial comes again', () => {
    const { lines, trial, outlookOf } = plain(4, SEC);
    trial(0, SEC);
    trial(1, SEC, failedTrial(cell, 1), outlookOf(3));
    trial(1, SEC, failedTrial(cell, 1, 'timeout', 1), outlookOf(3));
    trial(1, SEC, okTrial(cell, 1, measurementOf(), 2), outlookOf(2));
    expect(timesLeft(lines)).toEqual(['3 s', '3 s', '3 s', '2 s']);
  });

  test('is at the same pace when a cell is given up and takes many trials with it', () => {
    const { lines, trial, outlookOf } = plain(40, SEC);
    trial(0, SEC);
    trial(1, SEC, failedTrial(cell, 1), outlookOf(19));
    expect(timesLeft(lines)).toEqual(['39 s', '19 s']);
  });

  test('counts two trials that are told of together with the time of both', () => {
    const { progress, lines, pause } = plain(6, 2 * SEC);
    for (const round of [0, 1]) {
      progress.trialBegins(cell, round);
      pause(3 * SEC);
    }
    progress.trialEnded(okTrial(cell, 0), { trials: 5, ms: 10 * SEC, budgetMs: 0 });
    progress.trialEnded(okTrial(cell, 1), { trials: 4, ms: 8 * SEC, budgetMs: 0 });
    expect(timesLeft(lines).at(-1)).toBe('12 s');
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

test('a trial of an open loop is told with its latency', () => {
  const { lines, trial } = plain(3, SEC);
  trial(0, SEC, okTrial({ id: 'hello/cluster@200' }, 0, openMeasurementOf([...repeated(180, 5), ...repeated(20, 12)])));
  trial(1, SEC, okTrial({ id: 'hello/cluster@3' }, 1, openMeasurementOf(repeated(3, 7))));
  trial(2, SEC, okTrial({ id: 'hello/cluster@1' }, 2, openMeasurementOf([])));
  expect(lines.map((line) => line.replace(/, \d+ s left\n/, ''))).toEqual([
    '[1/3] hello/cluster@200, round 1: 200 requests/s, p90 5.00 ms',
    '[2/3] hello/cluster@3, round 2: 3 requests/s, p50 7.00 ms',
    '[3/3] hello/cluster@1, round 3: 0 requests/s',
  ]);
});

describe('a run that goes on until all is settled', () => {
  const pool = cellOf('fork-pool');
  const more = additionOf([cell, pool], { why: { kind: 'unsettled' }, rounds: [3, 4] });

  /** Four trials, a look, two more trials of which nobody knew, and the last look. */
  function course(tty: boolean): string[] {
    const written: string[] = [];
    const write = (text: string): void => void written.push(text);
    let clock = 0;
    const progress = startProgress(tty ? { write, isTTY: true } : { write }, () => clock);
    const ended = (round: number, outlook: Outlook): void => {
      progress.trialBegins(cell, round);
      clock += SEC;
      progress.trialEnded(okTrial(cell, round), outlook);
    };
    progress.preparing('hello: calibrating');
    progress.planned({ trials: 2, ms: 2 * SEC, budgetMs: 58 * SEC });
    ended(0, { trials: 1, ms: SEC, budgetMs: 58 * SEC });
    ended(1, { trials: 4, ms: 4 * SEC, budgetMs: 54 * SEC });
    progress.looked({ settled: 2, hopeless: 0, of: 3 }, [more]);
    ended(2, { trials: 3, ms: 3 * SEC, budgetMs: 54 * SEC });
    ended(3, { trials: 0, ms: 0, budgetMs: 0 });
    progress.looked({ settled: 3, hopeless: 0, of: 3 }, []);
    progress.end();
    return written;
  }

  test('says in plain lines what is answered, what goes on and how long it may take', () => {
    expect(course(false)).toEqual([
      'hello: calibrating\n',
      '[1/2] hello/cluster, round 1: 1,000 requests/s, 1 s left, up to 58 s more until all is answered\n',
      '[2/6] hello/cluster, round 2: 1,000 requests/s, 4 s left, up to 54 s more until all is answered\n',
      '2 of 3 scenarios answered; 2 more rounds of hello/cluster, hello/fork-pool\n',
      '[3/6] hello/cluster, round 3: 1,000 requests/s, 3 s left, up to 54 s more until all is answered\n',
      '[4/4] hello/cluster, round 4: 1,000 requests/s, 0 s left\n',
      '3 of 3 scenarios answered\n',
    ]);
  });

  test('says it above the bar on a terminal, and removes the bar in the end', () => {
    const written = course(true);
    expect(written[0]).toBe('\u001b[2K\rhello: calibrating');
    expect(written).toContain(
      '\u001b[2K\r2 of 3 scenarios answered; 2 more rounds of hello/cluster, hello/fork-pool\n',
    );
    expect(written).toContain('\u001b[2K\r3 of 3 scenarios answered\n');
    expect(written.at(-1)).toBe(CLEAR_LINE);
  });

  const lookText = (...look: Parameters<ReturnType<typeof startProgress>['looked']>): string => {
    const { progress, lines } = plain(1, SEC);
    progress.looked(...look);
    return lines.join('');
  };

  test('says that the budget is spent, when it is what ends it', () => {
    expect(lookText({ settled: 0, hopeless: 0, of: 1 }, [])).toBe('0 of 1 scenario answered; the budget is spent\n');
    expect(lookText({ settled: 14, hopeless: 3, of: 18 }, [])).toBe(
      '14 of 18 scenarios answered; the budget is spent\n',
    );
  });

  test('says that more rounds are of no use, when that is what ends it', () => {
    const text = (settled: number, hopeless: number) =>
      lookText({ settled, hopeless, of: settled + hopeless }, []).replace(/^.* answered; /, '');
    expect(text(14, 4)).toBe('more rounds would not decide the others\n');
    expect(text(2, 1)).toBe('more rounds would not decide the other one\n');
    expect(text(0, 3)).toBe('more rounds would not decide them\n');
    expect(text(0, 1)).toBe('more rounds would not decide it\n');
  });

  test('says what it counts, and when nothing of it could be judged', () => {
    const cells = { hopeless: 1, unjudged: 1, counted: 'cell' } as const;
    expect(lookText({ ...cells, settled: 0, of: 1 }, [])).toBe('0 of 1 cell settled; nothing could be judged\n');
    expect(lookText({ ...cells, settled: 1, of: 2 }, [])).toBe(
      '1 of 2 cells settled; more rounds would not decide the other one\n',
    );
  });

  test('counts cells where they are many, and a single round as one', () => {
    const many = additionOf(
      Array.from({ length: 7 }, (_, i) => cellOf(`model-${i}`)),
      { rounds: [3] },
    );
    expect(lookText({ settled: 0, hopeless: 0, of: 21 }, [many])).toBe(
      '0 of 21 scenarios answered; 1 more round of 7 cells\n',
    );
  });

  test('does not tell of a budget that has room for hardly a trial', () => {
    const { progress, lines, trial } = plain(2, SEC);
    progress.planned({ trials: 2, ms: 2 * SEC, budgetMs: 9 * SEC });
    trial(0, SEC, okTrial(cell, 0), { trials: 1, ms: SEC, budgetMs: 9 * SEC });
    expect(lines[0]).toMatch(/, 1 s left\n$/);
  });
});

describe('the bar on a terminal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function drawn(columns = 80) {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text), isTTY: true, columns };
    let clock = 0;
    const progress = startProgress(stream, () => clock);
    const pass = (ms: number): void => {
      clock += ms;
      vi.advanceTimersByTime(ms);
    };
    const bar = (): string => (written.at(-1) ?? '').replace(CLEAR_LINE, '');
    progress.planned({ trials: 4, ms: 40 * SEC, budgetMs: 0 });
    return { progress, written, pass, bar };
  }

  test('moves during a trial with the clock, and the time left goes down', () => {
    const { progress, pass, bar } = drawn();
    progress.trialBegins(cell, 0);
    expect(bar()).toMatch(/^░+ 0\/4 · 40 s left · hello\/cluster$/u);
    pass(5 * SEC);
    expect(bar()).toMatch(/^█+.?░+ 0\/4 · 35 s left · hello\/cluster$/u);
    const half = bar().indexOf('░');
    pass(4 * SEC);
    expect(bar().indexOf('░')).toBeGreaterThan(half);
  });

  test('does not reach the end of a trial that takes longer than expected', () => {
    const { progress, pass, bar } = drawn();
    progress.trialBegins(cell, 0);
    pass(1000 * SEC);
    const late = bar();
    progress.trialEnded(okTrial(cell, 0), { trials: 3, ms: 30 * SEC, budgetMs: 0 });
    progress.trialBegins(cell, 1);
    expect(late.replace(/[^█]/gu, '').length).toBeLessThanOrEqual(bar().replace(/[^█]/gu, '').length);
    expect(late).toContain(' 0/4 ');
  });

  test('has the figure of the last trial beside it, and a failure above it', () => {
    const { progress, written, pass, bar } = drawn(120);
    progress.trialBegins(cell, 0);
    pass(10 * SEC);
    progress.trialEnded(okTrial(cell, 0), { trials: 3, ms: 30 * SEC, budgetMs: 0 });
    expect(bar()).toMatch(/ 1\/4 · 30 s left · cluster 1,000\/s → hello\/cluster$/u);
    progress.trialBegins(cell, 1);
    progress.trialEnded(failedTrial(cell, 1), { trials: 3, ms: 30 * SEC, budgetMs: 0 });
    expect(written.at(-2)).toContain('round 2: failed, a request had no reply within 10 s\n');
  });

  test('says in words what is done to a server, and how many requests that cost', () => {
    const { progress, pass, bar } = drawn(180);
    const killed = faultCellOf('cluster', faultOf('kill'), { restarts: false });
    progress.trialBegins(killed, 1, 5);
    expect(bar()).toMatch(/ · 40 s left · hello: a killed worker under cluster without restarts, round 2 of 5$/u);
    pass(10 * SEC);
    const lost = { forMs: 100, every: 5 };
    const { record } = faultRecordOf({ requestsPerSec: 1000, beforeMs: 1000, eachMs: 1000, lost });
    progress.trialEnded(faultTrialOf(killed, 1, record), { trials: 3, ms: 30 * SEC, budgetMs: 0 });
    progress.trialBegins(faultCellOf('fork-pool', faultOf('block', { times: 3 })), 1, 5);
    expect(bar()).toContain(
      'cluster!kill,restart=off 20 lost → hello: 1 s of a blocked event loop, 3 times under fork-pool, round 2 of 5',
    );
  });

  test('is one line, however narrow the terminal, and what a server says cannot move the cursor', () => {
    const { progress, pass, bar } = drawn(40);
    progress.trialBegins({ ...cell, id: 'a\u001b[2Jmodel'.repeat(9) }, 0);
    pass(SEC);
    expect(bar().length).toBeLessThan(40);
    expect(bar()).not.toContain('\u001b');
  });

  test('stands still and is gone when it has ended', () => {
    const { progress, written, pass } = drawn();
    progress.trialBegins(cell, 0);
    progress.end();
    const { length } = written;
    expect(written.at(-1)).toBe(CLEAR_LINE);
    pass(100 * SEC);
    expect(written).toHaveLength(length);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('quiet', () => {
  test.each([true, false])('says nothing but warnings; on a terminal: %s', (isTTY) => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text), isTTY };
    const progress = startProgress(stream, () => 0, true);
    progress.preparing('hello: calibrating');
    progress.planned({ trials: 1, ms: SEC, budgetMs: 0 });
    progress.trialBegins(cell, 0);
    progress.trialEnded(failedTrial(cell, 0), { trials: 0, ms: 0, budgetMs: 0 });
    progress.looked({ settled: 1, hopeless: 0, of: 1 }, []);
    progress.end();
    const steps = stepLine(stream, true);
    steps.show('step');
    steps.end();
    expect(written).toEqual([]);
    progress.warn('too\u001b few');
    expect(written.join('')).toMatch(/warning: too. few\n$/u);
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
