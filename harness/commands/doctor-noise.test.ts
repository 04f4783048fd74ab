/** `fourways doctor --noise` on a machine that does not exist. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mistake, type Ran, run } from '../fixtures/command.ts';
import { type FakeMeasuring, fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { measurementOf, serverOf } from '../fixtures/measurement.ts';
import { failedTrial, okTrial } from '../fixtures/run.ts';
import type { TrialRequest } from '../measure/trial/request.ts';
import { randomStream } from '../stats/random.ts';
import type { Trial } from '../store/schema.ts';

// Only what trials say that they took counts, not how long the test takes.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

type TrialOf = (request: TrialRequest, nth: number) => Trial;

/** Trials that say that they took 1,050 ms, with CPU time per request that varies by so much. */
function noisy(noise = 0.04): TrialOf {
  const random = randomStream(4);
  return ({ cell, round, attempt }) => {
    const cpuMsPerRequest = 1 + noise * (random() - 0.5);
    const figures = {
      requestsPerSec: 1000 / (1 + 2 * noise * (random() - 0.5)),
      server: serverOf({ cpuMsPerRequest }),
    };
    return okTrial(cell, round, measurementOf(figures), attempt);
  };
}

async function noise(trialOf: TrialOf, ...argv: readonly string[]) {
  const fake: FakeMeasuring = fakeMeasuring();
  const requests: TrialRequest[] = [];
  const measuring = () => ({
    ...fake,
    runTrial: async (request: TrialRequest, signal: AbortSignal) => {
      requests.push(request);
      const trial = trialOf(request, requests.length);
      signal.throwIfAborted();
      return trial;
    },
  });
  const ran: Ran = await run(['doctor', '--noise', '--seed', '1', ...argv], { measuring });
  return { ...ran, requests, log: fake.log };
}

test('the table, one sentence, exit code 0', async () => {
  const { code, out, err, requests, log } = await noise(noisy());
  expect(out).toMatchInlineSnapshot(`
    "cpu:ms=2/single compared with itself. Under each budget: the smallest change
    that fourways ab would detect with a power of 90%, beyond a margin of 3%; in
    brackets: the rounds that fit into the budget.

    way     metric               rounds   sd largest   in 30 s   in 60 s   in 5 min A/A verdict
    ─────────────────────────────────────────────────────────────────────────────────────────────
    in turn CPU time per request     14 1.9%    3.3% 5.4% (14) 4.6% (28) 3.7% (142) equivalent
    in turn requests/s               14 3.0%    6.5% 7.1% (14) 5.8% (28) 4.2% (142) inconclusive
    duet    CPU time per request     28 1.5%    3.4% 4.3% (28) 3.9% (57) 3.4% (285) equivalent
    duet    requests/s               28 3.7%    8.1% 6.4% (28) 5.3% (57) 4.0% (285) inconclusive

    In 60 s, 'fourways ab --duet' resolves a change of 3.9% in CPU time per request
    here, and of 5.3% in requests/s.

    The sd is known to about ±19% from 14 rounds in turn and ±13% from 28 rounds as
    a duet; a longer --budget gives more.
    "
  `);
  expect(code).toBe(0);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(err).toMatch(/^cpu:ms=2: calibrating\n/);
  expect(err).toContain('in turn, round 14: ');
  expect(err).toMatch(/^duet, round 1: \d+ s left$/m);
  // Half of the time for each way: 14 rounds of 2.1 s, and 28 of 1.05 s.
  const met = requests.filter(({ barrier }) => barrier !== undefined);
  expect([requests.length - met.length, met.length]).toEqual([28, 56]);
  expect(new Set(requests.map(({ cell }) => cell.id))).toEqual(new Set(['cpu:ms=2/single']));
  expect(log.at(-1)).toBe('close');
});

test('neither way waits for the other to end', async () => {
  const { requests } = await noise(noisy());
  const isDuet = requests.map(({ barrier }) => barrier !== undefined);
  expect(isDuet.lastIndexOf(false)).toBeGreaterThan(isDuet.indexOf(true));
  expect(isDuet.slice(0, 20).filter(Boolean).length).toBeGreaterThan(5);
});

test('is not stopped by what it finds: equal figures are measured to the end', async () => {
  const { requests, out } = await noise(noisy(0), '--budget', '30s');
  expect(requests).toHaveLength(2 * 7 + 2 * 14);
  expect(out.replace(/\s+/g, ' ')).toContain(
    "In 30 s, 'fourways ab' resolves a change of 3.0% in CPU time per request here, and of 3.0% in",
  );
});

test('--format json prints the figures behind it', async () => {
  const { code, out } = await noise(noisy(), '--format', 'json', '--budget', '2m', '--margin', '5%', '-s', 'hello');
  expect(code).toBe(0);
  const printed: unknown = JSON.parse(out);
  expect(printed).toMatchObject({
    ...{ scenario: 'hello', model: 'single', seed: 1, margin: 0.05, budgetMs: 120_000, power: 0.9 },
    startedAt: '2026-01-15T09:30:00.000Z',
    ways: [
      { way: 'in-turn', rounds: 28, failedTrials: 0, roundMs: 2100, failure: null },
      {
        ...{ way: 'duet', rounds: 57, roundMs: 1050 },
        metrics: [
          {
            metric: 'cpu-per-request',
            falseAlarm: false,
            resolves: [
              { budgetMs: 30_000, rounds: 28 },
              { budgetMs: 120_000, rounds: 114 },
              { budgetMs: 300_000, rounds: 285 },
            ],
          },
          { metric: 'throughput' },
        ],
      },
    ],
  });
});

test('a side that is called worse than itself: a false alarm, and exit code 3', async () => {
  let first: TrialRequest['loaded'] | undefined;
  // Each side was loaded by itself, so that they can be told apart. In turn nothing differs.
  const biased: TrialOf = ({ cell, round, loaded, barrier }) => {
    first ??= loaded;
    const cpuMsPerRequest = barrier !== undefined && loaded !== first ? 1.2 : 1;
    return okTrial(cell, round, measurementOf({ server: serverOf({ cpuMsPerRequest }) }));
  };
  const { code, out } = await noise(biased, '--budget', '30s');
  expect(code).toBe(3);
  expect(out.replace(/\s+/g, ' ')).toMatch(
    /false alarm: duet, CPU time per request: one of two equal sides was judged (worse|better)/,
  );
  expect(out).not.toContain('false alarm: in turn');
});

test('a model that cannot be measured: why, and exit code 3', async () => {
  const { code, out } = await noise(({ cell, round, attempt }) => failedTrial(cell, round, 'timeout', attempt));
  expect(code).toBe(3);
  expect(out).toContain('in turn: no result, trials failed: a request had no reply within 10 s\n');
  expect(out).toContain('duet: no result, trials failed: a request had no reply within 10 s\n');
  expect(out).not.toContain('resolves');
});

test('one way that fails leaves the other its figures, and exit code 3', async () => {
  const healthy = noisy();
  const { code, out } = await noise((request, nth) =>
    request.barrier === undefined
      ? healthy(request, nth)
      : failedTrial(request.cell, request.round, 'timeout', request.attempt),
  );
  expect(code).toBe(3);
  expect(out).toContain("In 60 s, 'fourways ab' resolves");
  expect(out).toContain('duet: no result');
});

test('a trial that failed once comes again, and is told', async () => {
  const healthy = noisy();
  const { code, out } = await noise((request, nth) =>
    nth === 3 ? failedTrial(request.cell, request.round) : healthy(request, nth),
  );
  expect(code).toBe(0);
  expect(out).toMatch(/^(in turn|duet): (?:1 trial failed and was|\d trials failed and were) retried$/m);
});

test('Ctrl-C: exit code 130, no figures, and nothing is left', async () => {
  const healthy = noisy();
  const { code, out, err, log, requests } = await noise((request, nth) => {
    if (nth === 5) process.emit('SIGINT', 'SIGINT');
    return healthy(request, nth);
  });
  expect({ code, out }).toEqual({ code: 130, out: '' });
  expect(err).toContain('Interrupted: too little was measured');
  expect(log.at(-1)).toBe('close');
  expect(requests.length).toBeLessThanOrEqual(6);
});

test.each([
  [['--budget', '60s'], /^--budget needs --noise; add --noise, or leave out --budget$/],
  [['--scenario', 'cpu'], /^--scenario needs --noise/],
  [['-m', 'single'], /^--model needs --noise/],
  [['--margin', '3%'], /^--margin needs --noise/],
  [['--noise', '--budget', '5s'], /^--budget 5s: both ways of measuring take at least 20s; give 20s or more$/],
  [['--noise', '--budget', 'soon'], /^--budget soon: /],
  [['--noise', '--margin', '0'], /^--margin 0: /],
  [['--noise', '--model', 'all'], /^--model all: /],
  [['--noise', '--scenario', 'nothing'], /^--scenario nothing: /],
  [['--noise', '-s', 'cpu', '-s', 'io'], /^--scenario was given 2 times; give it once$/],
])('%j is refused in one line', async (argv, line) => {
  expect(mistake(await run(['doctor', ...argv]))).toMatch(line);
});
