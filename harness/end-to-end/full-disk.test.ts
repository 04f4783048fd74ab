/** A disk that is full ends a run with one line. Every finished trial is intact, and with space again the run goes on. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../fixtures/cli-process.ts';
import { mistake } from '../fixtures/command.ts';
import { runCompiled } from '../fixtures/compiled-command.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { readRun } from '../store/read-run.ts';
import type { Trial } from '../store/schema.ts';

const WAITING = fileURLToPath(new URL('../measure/fixtures/waiting.js', import.meta.url));
/** Charts are of no matter here. */
const draws = false;

/** Each trial takes about two kilobytes, and so does the plan. */
function argvFor(folder: string, rounds: number): readonly string[] {
  const least = [
    '-w',
    '1',
    '-c',
    '4',
    '--preset',
    'quick',
    '--rounds',
    String(rounds),
    '--duration',
    '100ms',
    '--retries',
    '0',
  ];
  return ['run', '-s', WAITING, '-m', 'single', ...least, '--out', folder];
}

const trialsIn = (folder: string): readonly Trial[] => readRun(join(folder, 'run.ndjson'), { salvage: false }).trials;

/** The run ended with this line, and what it had measured is there. */
function expectResumable(folder: string, line: string, code: string): void {
  const path = join(folder, 'run.ndjson');
  expect(line).toBe(
    `${path} cannot be written (${code}); finished trials are in it, and run --resume ${folder} continues from there`,
  );
  expect(trialsIn(folder).length).toBeGreaterThan(0);
}

/** Resumes it, and finds what was there before and the rest. */
async function expectCompleted(folder: string, rounds: number): Promise<void> {
  const before = trialsIn(folder);
  expect(before.length).toBeLessThan(rounds);
  expect((await runCompiled(['run', '--resume', folder])).code).toBe(0);
  const after = trialsIn(folder);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.map(({ round, outcome }) => [round, outcome.status])).toEqual(
    Array.from({ length: rounds }, (_, round) => [round, 'ok']),
  );
}

/** The last line of what was said; the ones before it are progress. */
function lastWords({ code, out, err }: Awaited<ReturnType<typeof runCli>>): string {
  const lines = err.trimEnd().split('\n');
  return mistake({ code, out, err: `${lines.at(-1)}\n` });
}

describe.runIf(existsSync('/bin/bash') && process.platform === 'linux')('a limit on the size of files', () => {
  test('in the middle of the run', async () => {
    const folder = join(temporaryFolder(), 'run');
    const ended = await runCli(argvFor(folder, 3), { script: 'ulimit -f 5 && exec "$@"', draws });
    expectResumable(folder, lastWords(ended), 'EFBIG');
    await expectCompleted(folder, 3);
  });

  test('before the first trial: nothing is left behind', async () => {
    const folder = join(temporaryFolder(), 'run');
    const ended = await runCli(argvFor(folder, 3), { script: 'ulimit -f 1 && exec "$@"' });
    expect(lastWords(ended)).toMatch(/run\.ndjson cannot be written \(EFBIG\); .*--out/);
    expect(existsSync(folder)).toBe(false);
  });
});

/** A file system of one page in memory, or null where this user may not mount one. */
function tinyDisk(): string | null {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', folder]).status !== 0) return null;
  onTestFinished(() => void spawnSync('umount', [folder]));
  return folder;
}

test('a full disk, and one that may only be read', async ({ skip }) => {
  const disk = tinyDisk();
  if (disk === null) return skip('mounting is not allowed here');
  const remount = (options: string) => expect(spawnSync('mount', ['-o', `remount,${options}`, disk]).status).toBe(0);
  const folder = join(disk, 'run');
  expectResumable(folder, lastWords(await runCli(argvFor(folder, 3), { draws })), 'ENOSPC');
  remount('ro,size=4m');
  expect(lastWords(await runCompiled(['run', '--resume', folder]))).toContain('run.ndjson cannot be written (EROFS)');
  remount('rw');
  await expectCompleted(folder, 3);
});
