/** Reading: a run file that is whole, cut off, resumed, or not one at all. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { cellOf, complete, failedTrial, manifestOf, okTrial, planOf } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { mergeLatencies } from '../stats/latency.ts';
import { randomStream } from '../stats/random.ts';
import { readRun, readUnfinished } from './read-run.ts';
import { RUN_FILE, withChecksum } from './run-file.ts';
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
    expect(readLines(manifest, first, interrupted, resumed, ...trials.slice(1))).toMatchObject({
      end: null,
      trials: { length: 3 },
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
    expect(readUnfinished(path).content.run.manifest.scenarios[0]).toMatchObject({ calibration: timing, limit });
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
    const { content, bytes } = readUnfinished(path);
    expect({ run: content.run, bytes }, at).toEqual({ run: rest, bytes: ends[complete - 1] });
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
      "FILE: line 2 is a trial of cell 'hello/elsewhere', which the plan does not have; take the file from a backup, or delete that line and all after it",
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

/** As a run writes it: every line with its checksum. */
const checked = (...lines: readonly Line[]): string =>
  lines.map((line) => `${withChecksum(JSON.stringify(line)).toString()}\n`).join('');

describe('what counts once', () => {
  const BACKUP = 'take the file from a backup, or delete that line and all after it';

  test.each([['with checksums', checked] as const, ['without', text] as const])('in a file %s', (_, written) => {
    const whole = written(manifest, ...trials, complete);
    expect(refusal(`${whole}${whole}`)).toBe(
      `FILE: line 6 is a second plan, as if two run files were put together; ${BACKUP}`,
    );
    expect(refusal(written(manifest, ...trials, ...trials))).toBe(`FILE: line 5 is line 2 again; ${BACKUP}`);
  });

  test('that a run ends twice says nothing new', () => {
    expect(readLines(manifest, first, complete, complete).end).toEqual(complete);
  });
});

describe('checksums', () => {
  const whole = checked(manifest, ...trials, complete);

  test('say nothing of their own: what is read is what was written', () => {
    expect(readRun(fileOf(whole), { salvage: false })).toEqual(readLines(manifest, ...trials, complete));
  });

  test('every line has one or none has', () => {
    const lines = whole.split('\n');
    const [plain = ''] = text(first).split('\n');
    const without = (number: number): string => lines.map((line, i) => (i === number - 1 ? plain : line)).join('\n');
    expect(refusal(without(3))).toMatch(/^FILE: line 3 is damaged: it lacks its checksum; take the file from a backup/);
    const [, second = ''] = lines;
    expect(refusal(`${text(manifest)}${second}\n`)).toMatch(
      /^FILE: line 2 has a checksum, and the first line has none/,
    );
  });

  test('a changed figure is told with its line', () => {
    expect(refusal(whole.replace('"requests":', '"requests":1'))).toMatch(
      /^FILE: line 2 is damaged: its checksum is [0-9a-f]{8}, and it says [0-9a-f]{8}; take the file/,
    );
  });

  test('any flipped bit is found, or cuts off the end of the last line', () => {
    const bytes = Buffer.from(whole);
    const random = randomStream(20);
    const path = fileOf(whole);
    for (let i = 0; i < 600; i++) {
      const at = i < 20 ? bytes.length - 1 - i : Math.floor(random() * bytes.length);
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8((bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8)), at);
      writeFileSync(path, flipped);
      expect(() => readRun(path, { salvage: false }), `byte ${at}`).toThrow(UserError);
    }
  });
});

test('without checksums, every letter of a histogram that was changed is told, or changes no figure', () => {
  const { outcome } = first;
  if (outcome.status === 'failed') throw new Error('a valid trial is needed');
  const { latencyHistogram } = outcome.measurement;
  const before = mergeLatencies([latencyHistogram]);
  for (let i = 0; i < latencyHistogram.length; i++) {
    const letter = latencyHistogram[i] === 'A' ? 'B' : 'A';
    const changed = `${latencyHistogram.slice(0, i)}${letter}${latencyHistogram.slice(i + 1)}`;
    const path = fileOf(
      text(manifest, {
        ...first,
        outcome: { status: 'ok', measurement: { ...outcome.measurement, latencyHistogram: changed } },
      }),
    );
    try {
      readRun(path, { salvage: false });
    } catch (error) {
      expect(error, `letter ${i}`).toBeInstanceOf(UserError);
      continue;
    }
    expect(mergeLatencies([changed]), `letter ${i}`).toEqual(before);
  }
});

describe('however large', () => {
  test('a line of 50 MB, and lines across the chunks that are read', () => {
    const long = { kind: 'server', message: 'x'.repeat(50_000_000) } as const;
    const lines = [first, { ...failedTrial(cluster, 0), outcome: { status: 'failed', reason: long } } as const];
    expect(readRun(fileOf(checked(manifest, ...lines)), { salvage: false }).trials).toEqual(lines);
  });

  test('what has no end is no run file', () => {
    const path = fileOf('');
    truncateSync(path, 2 ** 29);
    expect(() => readRun(path, { salvage: false })).toThrow(
      'is not a run file of fourways: its first line does not end',
    );
  });
});
