/** Ctrl-C in the middle of a run. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT, Interrupted, UserError } from '../../errors.ts';
import { run } from '../../fixtures/command.ts';
import { type FakeMeasuring, fakeMeasuring, steadyTrial } from '../../fixtures/fake-measuring.ts';
import { failedTrial } from '../../fixtures/run.ts';
import { MATRIX } from '../../fixtures/stopped-run.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { summarySchema } from '../../judge/schema/summary.ts';
import { readRun } from '../../store/read-run.ts';
import type { Trial } from '../../store/schema.ts';
import { withSession } from './session.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const argvFor = (folder: string): string[] => [...MATRIX, ...['--out', folder]];

/** Interrupts in the middle of trial `nth`, from 0; what was finished before is in `finished`. */
function interruptedIn(nth: number): { measuring: FakeMeasuring; finished: Trial[] } {
  const finished: Trial[] = [];
  let begun = 0;
  const measuring = fakeMeasuring((cell, round) => {
    const trial = steadyTrial(cell, round);
    if (begun++ === nth) process.emit('SIGINT', 'SIGINT');
    else finished.push(trial);
    return trial;
  });
  return { measuring, finished };
}

test('exit code 130, and every finished trial is kept', async () => {
  const folder = join(temporaryFolder(), 'run');
  const { measuring, finished } = interruptedIn(4);
  const { code, out, err } = await run(argvFor(folder), { measuring: () => measuring });
  expect({ code, out }).toEqual({ code: 130, out: '' });
  expect(err).toContain(
    `Interrupted: 4 of 6 trials were kept. 'fourways run --resume ${folder}' continues the run, 'fourways report ${folder}' shows it.\n`,
  );
  const { trials, end } = readRun(join(folder, 'run.ndjson'), { salvage: false });
  expect(trials).toEqual(finished);
  expect(end?.reason).toBe('interrupted');
  expect(measuring.log.at(-1)).toBe('close');
});

test('what is kept can be reported on, and says that it is not all', async () => {
  const folder = join(temporaryFolder(), 'run');
  await run(argvFor(folder), { measuring: () => interruptedIn(4).measuring });
  const before = readFileSync(join(folder, 'summary.json'), 'utf8');
  rmSync(join(folder, 'summary.json'));
  const { out } = await run(['report', folder, '--format', 'json']);
  expect(JSON.parse(out)).toEqual(JSON.parse(before));
  expect(summarySchema.parse(JSON.parse(out)).complete).toBe(false);
});

test('in the first trial: the run file says so, and there is nothing to report on', async () => {
  const folder = join(temporaryFolder(), 'run');
  const { code, err } = await run(argvFor(folder), { measuring: () => interruptedIn(0).measuring });
  expect(code).toBe(130);
  expect(err).toContain(`Interrupted: 0 of 6 trials were kept. 'fourways run --resume ${folder}' continues the run.\n`);
  expect((await run(['report', folder])).code).toBe(2);
});

test('trials that failed are not counted among those that are kept', async () => {
  const folder = join(temporaryFolder(), 'run');
  let begun = 0;
  const measuring = fakeMeasuring((cell, round, attempt) => {
    if (begun++ === 4) process.emit('SIGINT', 'SIGINT');
    return cell.model === 'cluster' ? failedTrial(cell, round, 'timeout', attempt) : steadyTrial(cell, round);
  });
  const { code, err } = await run(argvFor(folder), { measuring: () => measuring });
  expect(code).toBe(130);
  expect(err).toContain('Interrupted: 1 of 6 trials were kept.');
  expect(readRun(join(folder, 'run.ndjson'), { salvage: false }).trials).toHaveLength(4);
});

test('before the first trial: nothing is left behind', async () => {
  const folder = join(temporaryFolder(), 'run');
  const measuring: FakeMeasuring = {
    ...fakeMeasuring(),
    preflight: async (_request, signal) => {
      process.emit('SIGINT', 'SIGINT');
      signal.throwIfAborted();
      return { expected: new Map(), unable: new Map() };
    },
  };
  const { code, out, err } = await run(argvFor(folder), { measuring: () => measuring });
  expect({ code, out }).toEqual({ code: 130, out: '' });
  expect(err).toContain('Interrupted before the first trial; nothing was written.\n');
  expect(existsSync(folder)).toBe(false);
  expect(measuring.log.at(-1)).toBe('close');
});

/** A session with nothing to measure with, which ends as `measure` does. */
function sessionOf(measure: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
  const processes = { close: async () => {} };
  return withSession({ processes, ifInterrupted: 'Interrupted.', measure, conclude: () => EXIT.fine });
}

test.each(SIGNALS)('%s aborts the work, which decides how to end', async (name) => {
  const ended = await sessionOf(async (signal) => {
    process.emit(name, name);
    expect(signal.reason).toEqual(new Interrupted(name));
  });
  expect(ended).toBe(EXIT.fine);
});

test('what fails after a signal is an interrupted session, but for a mistake of the user', async () => {
  const failing = (error: Error) =>
    sessionOf(async () => {
      process.emit('SIGINT', 'SIGINT');
      throw error;
    });
  await expect(failing(new Error('the process has ended'))).rejects.toEqual(new Interrupted('Interrupted.'));
  await expect(failing(new UserError('the disk is full'))).rejects.toEqual(new UserError('the disk is full'));
});

test('afterwards signals do again what they did before', async () => {
  const counts = () => SIGNALS.map((name) => process.listenerCount(name));
  const before = counts();
  await sessionOf(async () => {});
  await sessionOf(async () => Promise.reject(new Error('failed'))).catch(() => {});
  expect(counts()).toEqual(before);
});
