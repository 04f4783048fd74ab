/** Reading: a run file that is whole, cut off, resumed, or not one at all. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { cellOf, complete, failedTrial, manifestOf, okTrial, planOf } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { readRun, readUnfinished } from './read-run.ts';
import { RUN_FILE } from './run-file.ts';
import { type End, type Line, type Run, SCHEMA_VERSION } from './schema.ts';

const [single, cluster] = [cellOf('single'), cellOf('cluster')];
// Text beyond ASCII, so that a file can be cut within a character.
const manifest = manifestOf({ scenarios: [planOf({ inWords: 'Größer – 🚀?' })] });
const reason = { kind: 'server', message: 'lief über – 🚀' } as const;
const trials = [
  okTrial(single, 0),
  { ...failedTrial(cluster, 0), outcome: { status: 'failed', reason } } as const,
  okTrial(cluster, 1),
];
const [first = okTrial(single, 0)] = trials;
const resumed = { type: 'resume', at: '2026-01-15T10:00:00.000Z' } as const;
const interrupted: End = { ...complete, reason: 'interrupted' };

const text = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
function fileOf(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), RUN_FILE);
  writeFileSync(path, content);
  return path;
}
const readLines = (...lines: readonly Line[]): Run => readRun(fileOf(text(...lines)), { salvage: false });

/** The message with which a run file is refused. */
function refusal(
  content: string | Uint8Array,
  readIt: (path: string) => unknown = (path) => readRun(path, { salvage: false }),
): string {
  const path = fileOf(content);
  try {
    readIt(path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message.replaceAll(path, 'FILE').replaceAll(join(path, '..'), 'FOLDER');
  }
  throw new Error('the file was read');
}

describe('a run that was taken up again', () => {
  test('has all its trials, and has not ended until it ends again', () => {
    expect(readLines(manifest, first, interrupted)).toMatchObject({ trials: [first], end: interrupted });
    expect(readLines(manifest, first, interrupted, resumed)).toEqual({
      manifest,
      additions: [],
      trials: [first],
      end: null,
    });
    expect(readLines(manifest, first, interrupted, resumed, ...trials)).toMatchObject({
      end: null,
      trials: { length: 4 },
    });
  });

  test('ends as it ended last', () => {
    const lines = [manifest, first, interrupted, resumed, okTrial(cluster, 0), complete];
    expect(readLines(...lines)).toMatchObject({ end: complete, trials: { length: 2 } });
    expect(readLines(...lines, resumed, interrupted).end).toEqual(interrupted);
  });

  test('was killed before, and so has no end before the line that says so', () => {
    expect(readLines(manifest, first, resumed, resumed, complete)).toEqual({
      manifest,
      additions: [],
      trials: [first],
      end: complete,
    });
  });
});

describe('work that was timed again', () => {
  const timing = { kernelCpuMs: 8, samples: 20, cpus: 2 };
  const limit = { kind: 'cpu', requestsPerSec: 250, cpus: 2, kernelCpuMs: 8 } as const;
  const again: Line = { type: 'calibration', scenario: 'cpu', calibration: timing, limit };
  const planned = manifestOf({
    scenarios: [planOf({ id: 'cpu', iterations: 500 }), planOf()],
    cells: [cellOf('single', { scenario: 'cpu' }), single],
  });

  test('the newest timing of a scenario is in its plan, and the amount of work is what it was', () => {
    const older = { ...again, calibration: { ...timing, kernelCpuMs: 10 }, limit: null };
    const { manifest: read } = readLines(planned, older, first, again);
    expect(read.scenarios).toEqual([planOf({ id: 'cpu', iterations: 500, calibration: timing, limit }), planOf()]);
    expect({ ...read, scenarios: planned.scenarios }).toEqual(planned);
  });

  test('also in a run that is taken up again', () => {
    const path = fileOf(text(planned, again, first, interrupted));
    expect(readUnfinished(path).run.manifest.scenarios[0]).toMatchObject({ calibration: timing, limit });
  });
});

/** Every byte near the end of a line, and every few within one: what is read follows from the lines alone. */
const EVERY = 7;
const NEAR = 24;

test('cut off at any byte: refused or read as exactly the complete lines, and always good to go on with', () => {
  const lines = [manifest, ...trials, interrupted, resumed, complete];
  const whole = Buffer.from(text(...lines));
  const path = fileOf(whole);
  const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 10 ? [i + 1] : []));
  for (let length = whole.length - 1; length >= 0; length--) {
    if (length % EVERY !== 0 && ends.every((end) => Math.abs(end - length) > NEAR)) continue;
    truncateSync(path, length);
    const complete = ends.filter((end) => end <= length).length;
    const rest = {
      manifest,
      additions: [],
      trials: trials.slice(0, Math.max(0, complete - 1)),
      end: complete === 5 ? interrupted : null,
    };
    const read = (salvage: boolean) => () => readRun(path, { salvage });
    const at = `${length} bytes`;
    if (complete === 0) {
      const nothing = /there is nothing in it to go on with, so start the run again$/;
      expect(read(true), at).toThrow(nothing);
      expect(read(false), at).toThrow(nothing);
      expect(() => readUnfinished(path), at).toThrow(nothing);
      continue;
    }
    expect(read(true)(), at).toEqual(rest);
    const { run, bytes } = readUnfinished(path);
    expect({ run, bytes }, at).toEqual({ run: rest, bytes: ends[complete - 1] });
    if (ends.includes(length)) expect(read(false)(), at).toEqual(rest);
    else expect(read(false), at).toThrow(`ends in the middle of line ${complete + 1}`);
  }
});

test('a file that was written before the front was told in memory is read, without it', () => {
  const { outcome } = first;
  if (outcome.status === 'failed') throw new Error('a valid trial is needed');
  const { front: _, ...memory } = outcome.measurement.memory;
  const older = { ...first, outcome: { status: 'ok', measurement: { ...outcome.measurement, memory } } };
  const { trials } = readRun(fileOf(text(manifest, older)), { salvage: false });
  expect(trials).toEqual([first]);
});

describe('refusing, with the file and the way out', () => {
  test.each<[string, string, string]>([
    [
      'an empty file',
      '',
      'FILE ends in the middle of line 1: the run was killed while writing; there is nothing in it to go on with, so start the run again',
    ],
    ['some other text', 'hello\n', 'FILE is not a run file of fourways: its first line is not JSON'],
    ['some other JSON', text({ a: 1 }), 'FILE is not a run file of fourways: its first line is not a manifest'],
    ['no object', 'null\n', 'FILE is not a run file of fourways: its first line is not a manifest'],
    ['no manifest', text(first), 'FILE is not a run file of fourways: its first line is not a manifest'],
    [
      "another program's file",
      text({ ...manifest, tool: 'fiveways' }),
      'FILE is not a run file of fourways: its first line is not a manifest',
    ],
    [
      'a file of the version before',
      text({ ...manifest, schema: 1 }),
      `FILE was written by an older fourways (0.0.0): it has schema version 1, and this one reads version ${SCHEMA_VERSION}; use the fourways that wrote it, or measure again`,
    ],
    [
      'a newer file, also when everything in it is different',
      text({ tool: 'fourways', schema: SCHEMA_VERSION + 1, plan: [] }, { kind: 'sample' }),
      `FILE was written by a newer fourways: it has schema version ${SCHEMA_VERSION + 1}, and this one reads version ${SCHEMA_VERSION}; use the fourways that wrote it, or measure again`,
    ],
    [
      'another line with the marks of a manifest',
      text({ ...first, tool: 'fourways', schema: SCHEMA_VERSION }),
      'FILE is not a run file of fourways: it has no manifest',
    ],
    [
      'a stray trial',
      text(manifest, okTrial({ id: 'hello/elsewhere' }, 0)),
      "FILE: a trial belongs to cell 'hello/elsewhere', which the plan does not have; the file is damaged",
    ],
    [
      'a line cut off by a later one',
      `${text(manifest)}{"type":"tri\n${text(first)}`,
      'FILE: line 2 is damaged; take the file from a backup, or delete that line and all after it',
    ],
    [
      'a last line that was cut off',
      text(manifest, first).slice(0, -9),
      'FILE ends in the middle of line 2: the run was killed while writing; run --resume FOLDER continues from there, and --salvage reports on the complete trials before it',
    ],
    [
      'a manifest that was cut off',
      text(manifest).slice(0, 99),
      'FILE ends in the middle of line 1: the run was killed while writing; there is nothing in it to go on with, so start the run again',
    ],
  ])('%s', (_, content, message) => {
    expect(refusal(content)).toBe(message);
  });

  test.each<[string, object, string]>([
    ['a value that was changed by hand', { ...first, round: -1 }, 'round: '],
    ['a trial without its number of tries', { ...first, attempt: undefined }, 'attempt: '],
    ['a resumption without a time', { type: 'resume', at: 'today' }, 'at: '],
    ['a line of a kind that there is not', { type: 'note' }, 'type: '],
  ])('%s', (_, line, where) => {
    expect(refusal(text(manifest, line))).toMatch(
      new RegExp(`^FILE: line 2 is not what fourways writes \\(${where}.+\\); .+damaged$`),
    );
  });

  test.each([
    ['salvaging', (path: string) => readRun(path, { salvage: true })],
    ['going on', readUnfinished],
  ])('%s forgives a last line that was cut off, and nothing else', (_, readIt) => {
    const damaged = `${text(manifest)}{"type":"tri\n${text(first)}`;
    expect(refusal(damaged, readIt)).toBe(refusal(damaged));
    expect(refusal('', readIt)).toBe(refusal(''));
  });

  test('a folder in the place of the file', () => {
    const folder = join(temporaryFolder(), RUN_FILE);
    mkdirSync(folder);
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
