/** The yardstick of a run: measured beside its cells, and seen in none of its results. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../fixtures/command.ts';
import { type FakeMeasuring, fakeMeasuring, steadyTrial } from '../fixtures/fake-measuring.ts';
import { moduleHere } from '../fixtures/module-here.ts';
import { failedTrial } from '../fixtures/run.ts';
import { MATRIX, newFolder } from '../fixtures/stopped-run.ts';
import { summarySchema } from '../judge/schema/summary.ts';
import { loadScenario } from '../measure/scenario/load.ts';
import { YARDSTICK } from '../plan/schedule/yardstick.ts';
import { readRun } from '../store/read-run.ts';
import type { Cell, Trial } from '../store/schema.ts';

const loaded = await loadScenario(moduleHere, 'cpu', new AbortController().signal);

function measured(trialOf: (cell: Cell, round: number, attempt: number) => Trial = steadyTrial): FakeMeasuring {
  return {
    ...fakeMeasuring(trialOf),
    yardstick: async () => ({ loaded, expected: new Map() }),
  };
}

/** Runs the matrix; with a yardstick unless it is another machine. */
async function matrix(measuring: FakeMeasuring = measured()) {
  const folder = newFolder();
  const ran = await run([...MATRIX, '--out', folder, '--format', 'json'], { measuring: () => measuring });
  const summary = summarySchema.parse(JSON.parse(ran.out));
  return { ...ran, folder, summary, stored: readRun(join(folder, 'run.ndjson'), { salvage: false }) };
}

const withoutIt = () => matrix(fakeMeasuring());

test('has a trial in each round of the run file', async () => {
  const { yardstick, manifest, trials } = (await matrix()).stored;
  expect(yardstick?.map(({ cell, round }) => [cell, round])).toEqual([0, 1, 2].map((round) => [YARDSTICK, round]));
  expect(manifest.yardstick).toMatchObject({
    cell: { model: 'single', workers: 1 },
    plan: { name: 'cpu', iterations: 1000 },
  });
  expect(trials.map(({ cell }) => cell)).not.toContain(YARDSTICK);
});

test('is seen in the summary as the steadiness of the machine, and nowhere else', async () => {
  const { steadiness, ...rest } = (await matrix()).summary;
  expect(steadiness).toMatchObject({ rounds: 3 });
  expect(rest).toEqual((await withoutIt()).summary);
});

test('does not count in what is told while it is measured', async () => {
  const counted = (text: string): string[] =>
    text.split('\n').map((line) => line.replace(/, \S+ s left$/u, '').replace(/^Report: .*/u, ''));
  expect(counted((await matrix()).err)).toEqual(counted((await withoutIt()).err));
});

describe('that fails', () => {
  test('costs the run nothing but the yardstick', async () => {
    const failing = measured((cell, round, attempt) =>
      cell.id === YARDSTICK ? failedTrial(cell, round, 'timeout', attempt) : steadyTrial(cell, round),
    );
    const { code, summary, stored } = await matrix(failing);
    expect(code).toBe(0);
    expect(summary).toEqual((await withoutIt()).summary);
    // Given up after its first visit.
    expect(stored.yardstick?.map(({ round, attempt }) => [round, attempt])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
    ]);
  });

  test('before the first trial is told, and the run goes on without it', async () => {
    const { code, err, stored } = await matrix({ ...measured(), yardstick: async () => 'no kernel' });
    expect([code, stored.manifest.yardstick]).toEqual([0, null]);
    expect(err).toContain(
      'without a yardstick, so that later comparisons cannot tell the machine from the code: no kernel\n',
    );
  });
});

test('goes on with a run that is taken up again', async () => {
  const folder = newFolder();
  let count = 0;
  const stopping = measured((cell, round) => {
    if (++count > 4) process.emit('SIGINT');
    return steadyTrial(cell, round);
  });
  expect((await run([...MATRIX, '--out', folder], { measuring: () => stopping })).code).toBe(130);
  const { code } = await run(['run', '--resume', folder, '--format', 'json'], { measuring: () => measured() });
  expect(code).toBe(0);
  const lines = (path: string): unknown[] =>
    readFileSync(join(path, 'run.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'trial');
  expect(lines(folder)).toEqual(lines((await matrix()).folder));
});
