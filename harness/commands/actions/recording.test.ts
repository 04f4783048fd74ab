/** What becomes of a run while it measures: trials that fail, a disk that fills up, a bug. */
import { existsSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mistakeAfter, run } from '../../fixtures/command.ts';
import { fakeMeasuring, steadyTrial } from '../../fixtures/fake-measuring.ts';
import { canFillDisk, fillDisk } from '../../fixtures/full-disk.ts';
import { failedTrial } from '../../fixtures/run.ts';
import {
  MATRIX,
  newFolder,
  resume,
  runFileIn,
  stoppedRun,
  summaryIn,
  type TrialOf,
  wholeRun,
} from '../../fixtures/stopped-run.ts';
import { readRun } from '../../store/read-run.ts';

describe('a trial that fails', () => {
  /** The first so many tries of cluster in the second round fail. */
  const failing =
    (times: number): TrialOf =>
    (cell, round, attempt) =>
      cell.model === 'cluster' && round === 1 && attempt < times
        ? failedTrial(cell, round, 'timeout', attempt)
        : steadyTrial(cell, round);
  const cluster = 'hello/cluster';
  const triesOf = (trials: readonly string[]): string[] => trials.filter((one) => one.includes(`${cluster} 1`));

  test.each([
    [1, []],
    [2, []],
    [1, ['--retries', '1']],
    [10, ['--retries', '10']],
  ])('%d times is tried again with %j, and does no harm to the result', async (times, flags) => {
    const { code, trials, out, summary } = await wholeRun(failing(times), flags);
    expect(code).toBe(0);
    expect(triesOf(trials)).toHaveLength(times + 1);
    expect(summary.failures).toHaveLength(times);
    expect(out.replace(/\s+/g, ' ')).toContain(
      `${times} trial${times === 1 ? ' failed and is' : 's failed and are'} not in the figures: ${cluster}`,
    );
    expect(summary.scenarios[0]?.cells[1]).toMatchObject({ trialsOk: 3, trialsFailed: times, givenUp: null });
  });

  test.each([
    [3, []],
    [1, ['--retries', '0']],
    [2, ['--retries', '1']],
  ])('%d times is too often with %j: its cell is given up, and the rest goes on', async (times, flags) => {
    const { code, trials, out, err, summary } = await wholeRun(failing(times), flags);
    expect(code).toBe(3);
    expect(triesOf(trials)).toHaveLength(times);
    expect(trials.some((one) => one.includes(`${cluster} 2`))).toBe(false);
    const [single, lost] = summary.scenarios[0]?.cells ?? [];
    expect(single).toMatchObject({
      trialsOk: 3,
      trialsFailed: 0,
      givenUp: null,
      result: { requestsPerSec: { trials: 3 } },
    });
    expect(lost).toMatchObject({ trialsOk: 1, trialsFailed: times, givenUp: { kind: 'timeout' }, result: null });
    const reason = 'a request had no reply within 10 s';
    expect(out.replace(/\s+/g, ' ')).toContain(
      `${cluster} kept failing and was given up: ${reason}; its 1 valid trial`,
    );
    expect(out).toMatch(/^ {2}cluster +given up after \d failed trial/m);
    expect(err).toContain(`${cluster}, round 2: failed, ${reason}`);
    expect(err.includes(`${cluster}, round 2, attempt 2: failed`)).toBe(times > 1);
  });

  test('comes again after the others of its round', async () => {
    const { trials } = await wholeRun(failing(1));
    expect(trials.slice(2, 5)).toEqual([
      ...['trial hello/cluster 1', 'trial hello/single 1', 'trial hello/cluster 1 again'],
    ]);
  });
});

describe.runIf(canFillDisk)('a disk that is full in the middle of a run', () => {
  /** Before the nth trial the run file can take only a part of one more line. */
  function filling(folder: string, nth: number) {
    let begun = 0;
    let makeRoom = (): void => {};
    const measuring = fakeMeasuring((cell, round) => {
      if (begun++ === nth) makeRoom = fillDisk(statSync(runFileIn(folder)).size + 100);
      return steadyTrial(cell, round);
    });
    return { measuring, makeRoom: () => makeRoom() };
  }

  test('ends it with exit code 2 and every finished trial intact, and it is completed when there is room', async () => {
    const [whole, folder] = [await wholeRun(), newFolder()];
    const { measuring, makeRoom } = filling(folder, 3);
    const ran = await run([...MATRIX, '--out', folder], { measuring: () => measuring });
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
    expect(ran.err).toContain(`fourways: ${runFileIn(folder)} cannot be written (EFBIG); `);
    expect(ran.err).toContain(`run --resume ${folder} continues from there\n`);
    expect(readRun(runFileIn(folder), { salvage: false })).toMatchObject({ trials: { length: 3 }, end: null });
    expect(measuring.log.at(-1)).toBe('close');
    makeRoom();
    expect(await resume(folder)).toMatchObject({ code: 0, out: whole.out });
    expect(summaryIn(folder)).toEqual(whole.summary);
  });

  test('does so in a resumed run as well', async () => {
    const folder = await stoppedRun(1);
    expect((await resume(folder, filling(folder, 2).measuring)).code).toBe(2);
    expect(readRun(runFileIn(folder), { salvage: false }).trials).toHaveLength(3);
  });

  test('before the first trial leaves nothing behind', async () => {
    const folder = newFolder();
    fillDisk(100);
    expect(mistakeAfter(await run([...MATRIX, '--out', folder]))).toContain('nothing was measured yet');
    expect(existsSync(folder)).toBe(false);
  });
});

test('a bug in the middle of a resumed run is not hidden, and what it measured is kept', async () => {
  const folder = await stoppedRun(1);
  let begun = 0;
  const broken = fakeMeasuring((cell, round) => {
    if (begun++ === 2) throw new TypeError('a bug');
    return steadyTrial(cell, round);
  });
  await expect(resume(folder, broken)).rejects.toThrow('a bug');
  expect(readRun(runFileIn(folder), { salvage: false })).toMatchObject({
    trials: { length: 3 },
    end: { reason: 'stopped' },
  });
  expect((await resume(folder)).code).toBe(0);
});
