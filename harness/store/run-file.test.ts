import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { cellOf, complete, failedTrial, manifestOf, okTrial, planOf } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { RUN_FILE, RunFile, readRun, runFilePath } from './run-file.ts';
import type { Line, Run } from './schema.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];
// Text beyond ASCII, so that a file can be cut within a character.
const manifest = manifestOf({ scenarios: [planOf({ question: 'Größer – 🚀?' })] });
const trials = [okTrial(single, 0), failedTrial(cluster, 0), okTrial(cluster, 1)];
const run: Run = { manifest, trials, end: complete };

/** Writes a run file as a run does, and returns its path. */
function written(lines: readonly Exclude<Line, { type: 'manifest' }>[], folder = temporaryFolder()): string {
  const file = new RunFile(folder, manifest);
  for (const line of lines) file.append(line);
  file.close();
  return file.path;
}

function fileOf(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), RUN_FILE);
  writeFileSync(path, content);
  return path;
}

/** The message with which a run file is refused. */
function refusal(content: string, salvage = false): string {
  const path = fileOf(content);
  try {
    readRun(path, { salvage });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message.replace(path, 'FILE');
  }
  throw new Error('the file was read');
}

const text = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('writing', () => {
  test('what is written is what is read', () => {
    expect(readRun(written([...trials, complete]), { salvage: false })).toEqual(run);
  });

  test('each line is in the file before append returns', () => {
    const file = new RunFile(temporaryFolder(), manifest);
    for (const [i, trial] of trials.entries()) {
      file.append(trial);
      expect(readRun(file.path, { salvage: false })).toEqual({ manifest, trials: trials.slice(0, i + 1), end: null });
    }
    file.close();
  });

  test('a run file that is there already is left as it is', () => {
    const folder = temporaryFolder();
    const path = written(trials, folder);
    const before = readFileSync(path);
    expect(() => new RunFile(folder, manifestOf({ seed: 2 }))).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(readFileSync(path)).toEqual(before);
  });
});

test('cut off at any byte: refused, or read as exactly the complete trials', () => {
  const whole = Buffer.from(text(manifest, ...trials, complete));
  const path = fileOf(whole);
  const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 10 ? [i + 1] : []));
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    const lines = ends.filter((end) => end <= length).length;
    const rest = { manifest, trials: trials.slice(0, Math.max(0, lines - 1)), end: null };
    const read = (salvage: boolean) => () => readRun(path, { salvage });

    if (lines === 0) expect(read(true), `salvaged from ${length} bytes`).toThrow(UserError);
    else expect(read(true)(), `salvaged from ${length} bytes`).toEqual(rest);

    if (ends.includes(length)) expect(read(false)(), `${length} bytes`).toEqual(rest);
    else expect(read(false), `${length} bytes`).toThrow(UserError);
  }
});

describe('refusing, with the file and the way out', () => {
  test.each<[string, string, string]>([
    ['an empty file', '', 'FILE is not a run file of fourways: it has no manifest'],
    ['some other text', 'hello\n', 'FILE is not a run file of fourways: its first line is not JSON'],
    ['some other JSON', text({ a: 1 }), 'FILE is not a run file of fourways: its first line is not a manifest'],
    ['no object', 'null\n', 'FILE is not a run file of fourways: its first line is not a manifest'],
    ['no manifest', text(okTrial(single, 0)), 'FILE is not a run file of fourways: its first line is not a manifest'],
    [
      "another program's file",
      text({ ...manifest, tool: 'fiveways' }),
      'FILE is not a run file of fourways: its first line is not a manifest',
    ],
    [
      'a newer file, also when everything in it is different',
      text({ tool: 'fourways', schema: 2, plan: [] }, { kind: 'sample' }),
      'FILE has schema version 2, and this fourways reads version 1; use the fourways that wrote it',
    ],
    [
      'a stray trial',
      text(manifest, okTrial({ id: 'hello/elsewhere' }, 0)),
      "FILE: a trial belongs to cell 'hello/elsewhere', which the plan does not have; the file is damaged",
    ],
    [
      'a line cut off by a later one',
      `${text(manifest)}{"type":"tri\n${text(okTrial(single, 0))}`,
      'FILE: line 2 is damaged; take the file from a backup, or delete that line and all after it',
    ],
    [
      'a last line that was cut off',
      text(manifest, okTrial(single, 0)).slice(0, -9),
      'FILE ends in the middle of line 2: the run was killed while writing; --salvage reports on the complete trials before it',
    ],
    [
      'a manifest that was cut off',
      text(manifest).slice(0, 99),
      'FILE ends in the middle of line 1: the run was killed while writing; there is nothing in it to report on',
    ],
  ])('%s', (_, content, message) => {
    expect(refusal(content)).toBe(message);
  });

  test('a value that was changed by hand', () => {
    const wrong = { ...okTrial(single, 0), round: -1 };
    expect(refusal(text(manifest, wrong))).toMatch(
      /^FILE: line 2 is not what fourways writes \(round: .+\); .+damaged$/,
    );
  });

  test('salvage forgives a last line that was cut off, and nothing else', () => {
    const damaged = `${text(manifest)}{"type":"tri\n${text(okTrial(single, 0))}`;
    expect(refusal(damaged, true)).toBe(refusal(damaged));
  });

  test('a folder in the place of the file', () => {
    const folder = temporaryFolder();
    expect(() => readRun(folder, { salvage: false })).toThrow(
      new UserError(`${folder} cannot be read (EISDIR); name the folder that 'fourways run' wrote`),
    );
  });

  test('a file that is not there', () => {
    const path = join(temporaryFolder(), RUN_FILE);
    expect(() => readRun(path, { salvage: false })).toThrow(
      new UserError(`${path} is not there; name the folder that 'fourways run' wrote`),
    );
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
