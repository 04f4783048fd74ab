/** Writing: what is in the file, whatever happens while it is being written. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { canFillDisk, fillDisk } from '../fixtures/full-disk.ts';
import { cellOf, complete, failedTrial, manifestOf, okTrial } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { readRun, readUnfinished } from './read-run.ts';
import { RUN_FILE, RunFile, runFilePath } from './run-file.ts';
import type { NextLine } from './run-content.ts';
import type { Run, Trial } from './schema.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];
const manifest = manifestOf();
const trials = [okTrial(single, 0), failedTrial(cluster, 0), okTrial(cluster, 1)];
const [first = okTrial(single, 0), second = okTrial(single, 0)] = trials;
const read = (path: string): Run => readRun(path, { salvage: false });

/** Writes a run file as a run does, and returns its path. */
function written(lines: readonly NextLine[], folder = temporaryFolder()): string {
  const file = RunFile.create(folder, manifest);
  for (const line of lines) file.append(line);
  file.close();
  return file.path;
}

describe('creating', () => {
  test('the file has its name only with the whole plan in it', () => {
    const folder = temporaryFolder();
    const file = RunFile.create(folder, manifest);
    expect(readdirSync(folder)).toEqual([RUN_FILE]);
    expect(read(file.path)).toEqual({ manifest, additions: [], trials: [], end: null });
    file.close();
  });

  test('a run file that is there already is left as it is', () => {
    const folder = temporaryFolder();
    const path = written(trials, folder);
    const before = readFileSync(path);
    expect(() => RunFile.create(folder, manifestOf({ seed: 2 }))).toThrow(
      new UserError(`${path} exists already; nothing is overwritten, so name a new folder with --out`),
    );
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual([RUN_FILE]);
  });

  test.runIf(canFillDisk)('a disk that takes half of the plan is left without any of it', () => {
    const folder = temporaryFolder();
    fillDisk(100);
    expect(() => RunFile.create(folder, manifest)).toThrow(
      new UserError(
        `${join(folder, RUN_FILE)} cannot be written (EFBIG); nothing was measured yet; name a folder with --out that has space and may be written`,
      ),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder that is gone is a mistake', () => {
    const folder = join(temporaryFolder(), 'gone');
    expect(() => RunFile.create(folder, manifest)).toThrow(
      /run\.ndjson cannot be written \(ENOENT\); nothing was measured yet; name a folder/,
    );
  });
});

describe('appending', () => {
  test('what is written is what is read', () => {
    expect(read(written([...trials, complete]))).toEqual({ manifest, additions: [], trials, end: complete });
  });

  test('each line is JSON whose last member is the checksum of what is before it', () => {
    const lines = readFileSync(written(trials), 'utf8').trimEnd().split('\n');
    for (const line of lines) {
      expect(JSON.parse(line)).toHaveProperty(
        'crc',
        crc32(line.slice(0, line.lastIndexOf(',"crc"')))
          .toString(16)
          .padStart(8, '0'),
      );
    }
  });

  test('a file without checksums is gone on with as it is', () => {
    const path = join(temporaryFolder(), RUN_FILE);
    writeFileSync(path, `${JSON.stringify(manifest)}\n`);
    const file = RunFile.reopen(path, readUnfinished(path));
    file.append(first);
    file.close();
    expect(readFileSync(path, 'utf8')).not.toContain('"crc"');
    expect(read(path).trials).toEqual([first]);
  });

  const { outcome } = first;
  if (outcome.status === 'failed') throw new Error('a valid trial is needed');
  const recorded = (changes: object): Trial => ({
    ...first,
    outcome: { status: 'ok', measurement: { ...outcome.measurement, ...changes } },
  });
  test.each<[string, Trial, string]>([
    ['no number', recorded({ requestsPerSec: Number.NaN }), 'outcome.measurement.requestsPerSec: '],
    ['a time before the start', recorded({ startUpMs: -4 }), 'outcome.measurement.startUpMs: '],
    [
      'no histogram',
      recorded({ latencyHistogram: 'HISTFAAAABh42pNpmSzMwMDAxAABzFCaEUoz2X+AsAA/QQKN' }),
      'a histogram that cannot be read',
    ],
    ['a cell of another plan', okTrial({ id: 'hello/elsewhere' }, 0), "a trial of cell 'hello/elsewhere'"],
  ])('%s is never written, and is a bug', (_, line, why) => {
    const file = RunFile.create(temporaryFolder(), manifest);
    const before = readFileSync(file.path);
    expect(() => file.append(line)).toThrow(why);
    expect(() => file.append(line)).not.toThrow(UserError);
    expect(readFileSync(file.path)).toEqual(before);
    file.append(second);
    file.close();
    expect(read(file.path).trials).toEqual([second]);
  });

  test('each line is in the file before append returns', () => {
    const file = RunFile.create(temporaryFolder(), manifest);
    for (const [i, trial] of trials.entries()) {
      file.append(trial);
      expect(read(file.path)).toEqual({ manifest, additions: [], trials: trials.slice(0, i + 1), end: null });
    }
    file.close();
  });

  test.runIf(canFillDisk)('a line that the disk takes a part of is taken back, and the next one follows whole', () => {
    const file = RunFile.create(temporaryFolder(), manifest);
    file.append(first);
    const before = readFileSync(file.path);
    const makeRoom = fillDisk(before.length + 50);
    expect(() => file.append(second)).toThrow(
      new UserError(
        `${file.path} cannot be written (EFBIG); finished trials are in it, and run --resume ${join(file.path, '..')} continues from there`,
      ),
    );
    expect(readFileSync(file.path)).toEqual(before);
    makeRoom();
    file.append(second);
    file.close();
    expect(read(file.path).trials).toEqual([first, second]);
  });

  test('a file that is closed behind it keeps what it had', () => {
    const path = written([first]);
    const file = RunFile.reopen(path, readUnfinished(path));
    file.close();
    expect(() => file.append(second)).toThrow(/run\.ndjson cannot be written \(EBADF\); finished trials are in it/);
    expect(read(path)).toEqual({ manifest, additions: [], trials: [first], end: null });
  });
});

describe('opening again', () => {
  test('cuts off what is unfinished, and goes on behind what is whole', () => {
    const path = written([first]);
    const whole = statSync(path).size;
    writeFileSync(path, `${JSON.stringify(second)}`.slice(0, 60), { flag: 'a' });
    const unfinished = readUnfinished(path);
    expect([unfinished.content.run.trials, unfinished.bytes]).toEqual([[first], whole]);
    const file = RunFile.reopen(path, unfinished);
    expect(statSync(path).size).toBe(whole);
    file.append(second);
    file.close();
    expect(read(path)).toEqual({ manifest, additions: [], trials: [first, second], end: null });
  });

  test('at every byte that a run may have been killed at, the rest is measured again and nothing else', () => {
    const path = written([first, second]);
    const whole = readFileSync(path);
    const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 0x0a ? [i + 1] : []));
    for (let length = ends[0] ?? 0; length <= whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length));
      const unfinished = readUnfinished(path);
      const file = RunFile.reopen(path, unfinished);
      for (const trial of [first, second].slice(unfinished.content.run.trials.length)) file.append(trial);
      file.close();
      expect(readFileSync(path).equals(whole), `cut at ${length}`).toBe(true);
    }
  });

  test('a file that may not be written to is a mistake', () => {
    const folder = temporaryFolder();
    const unfinished = readUnfinished(written([first]));
    expect(() => RunFile.reopen(folder, unfinished)).toThrow(new RegExp(`^${folder} cannot be written \\(EISDIR\\)`));
  });
});

test('a run is named by its folder or by its file', () => {
  const folder = temporaryFolder();
  const path = written(trials, folder);
  expect([runFilePath(folder), runFilePath(path)]).toEqual([path, path]);
  mkdirSync(join(folder, 'empty'));
  expect(runFilePath(join(folder, 'empty'))).toBe(join(folder, 'empty', RUN_FILE));
  expect(() => runFilePath(join(folder, 'none'))).toThrow(UserError);
});

test('two processes that write to one file notice each other, and overwrite nothing', () => {
  const folder = temporaryFolder();
  const first = RunFile.create(folder, manifestOf());
  const path = join(folder, RUN_FILE);
  const before = readUnfinished(path);
  const second = RunFile.reopen(path, readUnfinished(path));
  second.append(okTrial(cellOf('single'), 0));
  expect(() => first.append(okTrial(cellOf('single'), 1))).toThrow(/changed by another process.*--resume/);
  expect(() => RunFile.reopen(path, before)).toThrow(/changed by another process/);
  second.append(okTrial(cellOf('single'), 2));
  expect(readUnfinished(path).content.run.trials.map(({ round }) => round)).toEqual([0, 2]);
});
