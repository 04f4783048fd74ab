/** A history on the disk: it only grows, and what is broken in it costs nothing but itself. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { lineOf } from '../judge/history/fixtures/lines.ts';
import { appendHistory, baselinePath, hasBaseline, type History, keepBaseline, readHistory } from './history-file.ts';
import { HISTORY_VERSION } from './history-schema.ts';

const [first, second, third] = [
  lineOf(0, { 'a/single': 1 }),
  lineOf(1, { 'a/single': 2 }),
  lineOf(2, { 'a/single': 3 }),
];

function append(path: string, ...lines: readonly (typeof first)[]): void {
  for (const line of lines) appendHistory(path, line, read(path));
}

function read(path: string): History {
  return readHistory(path) ?? { lines: [], skipped: [], isCutOff: false };
}

test('a line per run, in folders that are made for it', () => {
  const path = join(temporaryFolder(), 'deep', 'history.ndjson');
  expect(readHistory(path)).toBeNull();
  append(path, first, second);
  expect(read(path)).toEqual({ lines: [first, second], skipped: [], isCutOff: false });
});

test('a file that was cut off: whole lines count, and the next line begins properly', () => {
  const path = join(temporaryFolder(), 'history.ndjson');
  append(path, first, second);
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -40));
  expect(read(path)).toEqual({
    lines: [first],
    skipped: [`${path}: line 2 was cut off and is left out; add that run again`],
    isCutOff: true,
  });
  append(path, third);
  expect(read(path).lines).toEqual([first, third]);
  expect(read(path).skipped).toEqual([`${path}: line 2 is damaged and is left out; add that run again`]);
});

test('a last line that lacks only its end counts', () => {
  const path = join(temporaryFolder(), 'history.ndjson');
  append(path, first);
  writeFileSync(path, readFileSync(path, 'utf8').trimEnd());
  expect(read(path)).toEqual({ lines: [first], skipped: [], isCutOff: true });
  append(path, second);
  expect(read(path)).toEqual({ lines: [first, second], skipped: [], isCutOff: false });
});

test('lines of a newer fourways, and of something else, are left out and said', () => {
  const path = join(temporaryFolder(), 'history.ndjson');
  append(path, first);
  appendFileSync(path, `${JSON.stringify({ ...second, history: HISTORY_VERSION + 1 })}\n\n{"some":"thing"}\n`);
  append(path, third);
  expect(read(path).lines).toEqual([first, third]);
  expect(read(path).skipped).toEqual([
    `${path}: line 2 was written by a newer fourways and is left out; use that one to see it`,
    expect.stringMatching(/: line 4 is not a line of a history \(\w+: .*\) and is left out$/),
  ]);
});

test('a baseline is the newest run file of its branch, whatever the name of that', () => {
  const folder = temporaryFolder();
  const history = join(folder, 'history.ndjson');
  for (const [i, text] of ['one', 'two'].entries()) {
    const run = join(folder, `run-${i}.ndjson`);
    writeFileSync(run, text);
    keepBaseline(history, '../feature/x', run);
  }
  expect(baselinePath(history, '../feature/x')).toBe(join(folder, 'baselines', '..%2Ffeature%2Fx.ndjson'));
  expect(readFileSync(baselinePath(history, '../feature/x'), 'utf8')).toBe('two');
  expect(hasBaseline(history, 'main')).toBe(false);
});

test('a place that may not be written is named', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(() => append(join(folder, 'file', 'history.ndjson'), first)).toThrow(/cannot be (?:written|read) \(ENOTDIR\)/);
});
