/** A run that was stopped or killed is completed as if nothing had happened. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../fixtures/command.ts';
import { fakeMeasuring, steadyTrial } from '../fixtures/fake-measuring.ts';
import { failedTrial } from '../fixtures/run.ts';
import {
  interruptedIn,
  resume,
  runFileIn,
  stoppedRun,
  summaryIn,
  TRIALS,
  type TrialOf,
  trialsIn,
  wholeRun,
} from '../fixtures/stopped-run.ts';

const linesIn = (folder: string): string[] => readFileSync(runFileIn(folder), 'utf8').split('\n').slice(0, -1);
const typesIn = (folder: string): string[] => linesIn(folder).map((line) => JSON.parse(line).type);

describe('a run that was interrupted', () => {
  test.each([0, 1, 3, 5])('in trial %d is completed, and comes to what it would have come to', async (nth) => {
    const whole = await wholeRun();
    const folder = await stoppedRun(nth);
    const { code, out, err, log } = await resume(folder);
    expect({ code, out }).toEqual({ code: whole.code, out: whole.out });
    expect(trialsIn(log)).toEqual(whole.trials.slice(nth));
    expect(summaryIn(folder)).toEqual(whole.summary);
    expect(err).toContain(`[1/${TRIALS - nth}] `);
    expect(err).toContain(`Report: ${join(folder, 'report', 'index.html')}\n`);
  });

  test('has a line for each time that it was taken up', async () => {
    const folder = await stoppedRun(2);
    expect(await resume(folder, interruptedIn(2))).toMatchObject({ code: 130, out: '' });
    await resume(folder);
    const trials = (count: number): string[] => Array.from({ length: count }, () => 'trial');
    const expected = ['manifest', ...trials(2), 'end', 'resume', ...trials(2), 'end', 'resume', ...trials(2), 'end'];
    expect(typesIn(folder)).toEqual(expected);
  });

  test('is neither planned nor calibrated again, but replies are compared', async () => {
    const { log } = await resume(await stoppedRun(4));
    expect(log.slice(0, 2)).toEqual(['preflight hello single cluster', expect.stringMatching(/^trial /)]);
    expect(log.at(-1)).toBe('close');
  });

  test('can be named by its file, and printed in another format', async () => {
    const folder = await stoppedRun(4);
    const { code, out } = await run(['run', '--resume', runFileIn(folder), '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(summaryIn(folder));
  });

  test('and again before the first trial is as it was', async () => {
    const folder = await stoppedRun(4);
    const before = readFileSync(runFileIn(folder));
    const measuring = {
      ...fakeMeasuring(),
      preflight: async (_request: unknown, signal: AbortSignal) => {
        process.emit('SIGINT', 'SIGINT');
        signal.throwIfAborted();
        return { expected: new Map(), unable: new Map() };
      },
    };
    expect(await resume(folder, measuring)).toMatchObject({ code: 130, out: '' });
    expect(readFileSync(runFileIn(folder))).toEqual(before);
  });
});

test('a run that was killed while it wrote, at any place, is completed', async () => {
  const whole = await wholeRun();
  const data = readFileSync(runFileIn(whole.folder));
  const ends = [...data.entries()].flatMap(([i, byte]) => (byte === 0x0a ? [i + 1] : []));
  // After each line, within each line, and one byte before its end.
  const cuts = ends.slice(0, -1).flatMap((end, i) => [end, end + 40, (ends[i + 1] ?? end) - 1]);
  for (const cut of cuts) {
    writeFileSync(runFileIn(whole.folder), data.subarray(0, cut));
    const { code, log } = await resume(whole.folder);
    const kept = ends.filter((end) => end <= cut).length - 1;
    expect(code, `cut at ${cut}`).toBe(0);
    expect(trialsIn(log), `cut at ${cut}`).toEqual(whole.trials.slice(kept));
    expect(summaryIn(whole.folder), `cut at ${cut}`).toEqual(whole.summary);
  }
}, 120_000);

describe('a run with nothing left to measure', () => {
  test('draws its report again, and neither starts anything nor changes the run file', async () => {
    const { folder, out } = await wholeRun();
    const before = readFileSync(runFileIn(folder));
    const again = await resume(folder);
    expect(again).toMatchObject({ code: 0, out, log: [] });
    expect(again.err).toContain('nothing is left to measure');
    expect(readFileSync(runFileIn(folder))).toEqual(before);
  });

  test('that was killed before its last line gets it', async () => {
    const { folder, out, summary } = await wholeRun();
    writeFileSync(runFileIn(folder), `${linesIn(folder).slice(0, -1).join('\n')}\n`);
    expect(await resume(folder)).toMatchObject({ code: 0, out });
    expect(summaryIn(folder)).toEqual(summary);
    expect(typesIn(folder).slice(-2)).toEqual(['trial', 'end']);
  });
});

describe('a run that ended without an answer', () => {
  /** Two models that differ by nothing but the noise of their rounds. */
  const alike: TrialOf = (cell, round) => {
    const trial = steadyTrial({ ...cell, workers: 1 }, round);
    if (trial.outcome.status === 'failed') return trial;
    const noise = cell.style === 'alone' ? 1 : 1 + 0.04 * Math.sin(2 + 2.2 * round);
    const { measurement } = trial.outcome;
    const requestsPerSec = 1000 * noise;
    return { ...trial, cell: cell.id, outcome: { status: 'ok', measurement: { ...measurement, requestsPerSec } } };
  };

  test('says how long it would take, and how to go on', async () => {
    const { err, folder } = await wholeRun(alike);
    expect(err).toMatch(
      /^About \d+ s more would probably decide hello:\n {2}(?:npx )?fourways run --resume \S+ --budget \w+$/m,
    );
    expect(err).toContain(`--resume ${folder} --budget`);
  });

  test('goes on with a budget, which is in the run file, and then rests on all of its trials', async () => {
    const { folder, summary } = await wholeRun(alike);
    const measuring = fakeMeasuring(alike);
    const { code } = await run(['run', '--resume', folder, '--budget', '5m'], { measuring: () => measuring });
    expect(code).toBe(0);
    expect(
      trialsIn(measuring.log)
        .slice(0, 4)
        .map((entry) => entry.split(' ').at(-1)),
    ).toEqual(['3', '3', '4', '4']);
    const resumed = linesIn(folder)
      .map((line) => JSON.parse(line))
      .find(({ type }) => type === 'resume');
    expect(resumed.budgetMs).toBeGreaterThan(300_000);
    const [before] = summary.scenarios;
    const [after] = summaryIn(folder).scenarios;
    expect(before?.decision).toBeNull();
    expect(after?.decision).not.toBeNull();
    expect(after?.answers[0]?.rounds).toBeGreaterThanOrEqual(5);
  });

  test('a time that is none is refused before anything is measured', async () => {
    const { folder } = await wholeRun(alike);
    const before = readFileSync(runFileIn(folder));
    const { code, err } = await run(['run', '--resume', folder, '--budget', 'long']);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('--budget long: give a time from') });
    expect(readFileSync(runFileIn(folder))).toEqual(before);
  });
});

describe('trials that fail', () => {
  /** Every try but the last one of cluster in the second round; and all of cluster in the third. */
  const flaky: TrialOf = (cell, round, attempt) =>
    cell.model === 'cluster' && (round === 2 || (round === 1 && attempt < 2))
      ? failedTrial(cell, round, 'timeout', attempt)
      : steadyTrial(cell, round);

  test('are tried again in the order in which they would have been, wherever the run was stopped', async () => {
    const whole = await wholeRun(flaky);
    expect(whole.code).toBe(3);
    expect(whole.trials.filter((one) => one.endsWith('again'))).toHaveLength(4);
    for (let nth = 0; nth < whole.trials.length; nth++) {
      const folder = await stoppedRun(nth, flaky);
      const { code, log } = await resume(folder, fakeMeasuring(flaky));
      expect(code).toBe(3);
      expect(trialsIn(log)).toEqual(whole.trials.slice(nth));
      expect(summaryIn(folder)).toEqual(whole.summary);
    }
  });

  test('of a cell that was given up are not tried once more', async () => {
    const { folder } = await wholeRun(flaky);
    expect(await resume(folder)).toMatchObject({ code: 3, log: [] });
  });
});
