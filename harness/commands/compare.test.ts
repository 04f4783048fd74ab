/** Two run files, from the command line to the exit code. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { cellOf, environment, failedTrial, isolated, planOf } from '../fixtures/run.ts';
import { changeRunFile } from '../fixtures/stopped-run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { around, type CellFigures, runOf } from '../judge/fixtures/two-runs.ts';
import { changeSchema } from '../judge/schema/change.ts';
import type { Manifest, Run } from '../store/schema.ts';

const cells = (from: number, slower = 1, trials = 8): readonly CellFigures[] =>
  ['single', 'cluster', 'fork-pool'].map((model, i) => ({
    cell: cellOf(model),
    perSec: around(100, from + i, trials),
    cpuMs: around(model === 'cluster' ? 10 * slower : 10, from + i + 3, trials),
  }));

const later: Partial<Manifest> = { startedAt: '2026-01-16T10:15:00.000Z' };

/** The folder of a run, as `fourways run` leaves it. */
function written(content: Run): string {
  const folder = join(temporaryFolder(), 'run');
  mkdirSync(folder);
  const { manifest, additions, trials, end } = content;
  const lines = [manifest, ...additions, ...trials, ...(end === null ? [] : [end])];
  writeFileSync(join(folder, 'run.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return folder;
}

const base = (): string => written(runOf(cells(0)));
const head = (changes: Partial<Manifest> = {}, slower = 1): string =>
  written(runOf(cells(2, slower), { ...later, ...changes }));

describe('exit codes', () => {
  test('0 when nothing is worse, 1 when anything is', async () => {
    const equal = await run(['compare', base(), head()]);
    expect(equal).toMatchObject({ code: 0, err: '' });
    expect(equal.out).toContain('✓ no regression in 3 cells: ');
    const worse = await run(['compare', base(), head({}, 1.1)]);
    expect(worse).toMatchObject({ code: 1, err: '' });
    expect(worse.out).toContain('✗ worse: hello/cluster +10.0% ');
  });

  test('3 with --strict when head may be worse, else 0', async () => {
    const uneven = (one: CellFigures, i: number): CellFigures => ({
      ...one,
      cpuMs: one.cpuMs.map((ms, round) => (i === 0 ? ms * (round % 2 === 0 ? 1.02 : 1.2) : ms)),
    });
    const maybe = written(runOf(cells(2).map(uneven), later));
    expect((await run(['compare', base(), maybe])).code).toBe(0);
    expect((await run(['compare', base(), maybe, '--strict'])).code).toBe(3);
  });

  test('3 when all became worse alike, and there is no yardstick to tell why', async () => {
    const slower = (one: CellFigures): CellFigures => ({ ...one, cpuMs: one.cpuMs.map((ms) => 1.1 * ms) });
    const { code, out } = await run(['compare', base(), written(runOf(cells(2).map(slower), later))]);
    expect(code).toBe(3);
    expect(out.replaceAll(/\s+/gu, ' ')).toContain(
      'measured before there was a yardstick: a change of all cells cannot be told',
    );
  });

  test('3 when a cell that worked in base has no valid trial in head: broken is not unchanged', async () => {
    const whole = runOf(cells(2), later);
    const isLost = ({ cell }: { readonly cell: string }): boolean => cell === 'hello/cluster';
    const trials = whole.trials.map((trial) => (isLost(trial) ? failedTrial(cellOf('cluster'), trial.round) : trial));
    const { code, out } = await run(['compare', base(), written({ ...whole, trials })]);
    expect(code).toBe(3);
    expect(out).toContain('hello/cluster works in base but not in head');
  });

  test('the run file may be named instead of its folder, and --margin decides what matters', async () => {
    const argv = ['compare', join(base(), 'run.ndjson'), join(head({}, 1.1), 'run.ndjson')];
    expect((await run([...argv, '--margin', '15%'])).code).toBe(0);
    expect((await run([...argv, '--margin', '0.02'])).code).toBe(1);
  });
});

test('--format: each begins as it should, and JSON is what its schema says', async () => {
  const argv = ['compare', base(), head({}, 1.1)];
  const print = async (format: string): Promise<string> => (await run([...argv, '--format', format])).out;
  expect(await print('text')).toMatch(/^✗ worse: hello\/cluster /);
  expect(await print('markdown')).toMatch(/^### ✗ worse: hello\/cluster /);
  expect(await print('junit')).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /);
  expect(await print('github')).toMatch(/^::error title=hello\/cluster%3A CPU per request::/);
  expect(changeSchema.parse(JSON.parse(await print('json')))).toMatchObject({ margin: 0.03, how: 'apart' });
});

test('--control names cells, or none', async () => {
  const argv = ['compare', base(), head({}, 1.1), '--format', 'json', '--control'];
  const control = async (...given: readonly string[]) =>
    changeSchema.parse(JSON.parse((await run([...argv, ...given])).out)).control;
  expect(await control('none')).toBeNull();
  expect(await control('hello/single,hello/fork-pool')).toMatchObject({
    kind: 'named',
    cells: ['hello/single', 'hello/fork-pool'],
  });
  expect(await control('hello/single', '--control', 'hello/fork-pool')).toMatchObject({ kind: 'named' });
});

test('both sides of one ab are compared round by round', async () => {
  const side = (name: 'base' | 'head'): Partial<Manifest> => ({ ab: { id: 'x', side: name, duet: false } });
  const argv = [
    'compare',
    written(runOf(cells(0), side('base'))),
    head({ ...side('head'), startedAt: '2026-01-15T09:30:00.000Z' }),
  ];
  const { code, out } = await run([...argv, '--format', 'json']);
  expect(code).toBe(0);
  expect(changeSchema.parse(JSON.parse(out))).toMatchObject({ how: 'rounds', control: null, notes: [] });
  expect(mistake(await run([...argv, '--control', 'hello/single']))).toContain('needs no control');
  const wide = (name: 'base' | 'head'): string => written(runOf(cells(0), { ...side(name), margin: 0.05 }));
  const judged = await run(['compare', wide('base'), wide('head'), '--format', 'json']);
  expect(changeSchema.parse(JSON.parse(judged.out)).margin).toBe(0.05);
});

test('what ab has measured needs no force, whatever its sides differ in', async () => {
  const side = (name: 'base' | 'head', ms: number): string =>
    written(
      runOf(cells(0), { ab: { id: 'x', side: name, duet: false } }, [
        planOf({ parameters: { ms }, requestClasses: [{ name: `class-${ms}`, weight: 1 }] }),
      ]),
    );
  const { code, out, err } = await run(['compare', side('base', 1), side('head', 2)]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('note: parameters of hello: ms=1 in base, ms=2 in head\n');
});

test('a cell that was taken out of the plan is refused: nobody would miss it', async () => {
  const argv = ['compare', base(), written(runOf(cells(2).slice(0, 2), later))];
  expect(mistake(await run(argv))).toContain('not measured alike: cells that head lacks hello/fork-pool and none;');
  expect((await run([...argv, '--force'])).code).toBe(0);
});

test('trials that fail in head alone, and pass when tried again: told, and broken', async () => {
  const whole = runOf(cells(2), later);
  const flaky = [1, 4, 6].map((round) => failedTrial(cellOf('cluster'), round));
  const argv = ['compare', base(), written({ ...whole, trials: [...whole.trials, ...flaky] })];
  const { code, out } = await run(argv);
  expect(code).toBe(3);
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'note: hello/cluster: 3 of 11 trials failed in head, 0 in base; the remaining trials are not a fair sample',
  );
});

describe('not measured alike', () => {
  test.each<[string, Partial<Manifest>, string]>([
    ['Node', { environment: { ...environment, node: '24.0.0' } }, 'Node 22.12.0 and 24.0.0'],
    ['CPU', { environment: { ...environment, cpuModel: 'Other CPU' } }, 'CPU Test CPU and Other CPU'],
    ['platform', { environment: { ...environment, arch: 'arm64' } }, 'platform linux x64 and linux arm64'],
    ['version', { version: '0.2.0' }, 'fourways 0.0.0 and 0.2.0'],
    ['window', { measureMs: 2000 }, 'window 1000 ms and 2000 ms'],
    ['placement', { placement: isolated }, 'placement shared CPUs with generators: 1 and server CPUs: 3'],
    [
      'connections',
      { cells: cells(0).map(({ cell }) => ({ ...cell, connections: 128 })) },
      'connections of hello/single 64 and 128, connections of hello/cluster 64 and 128, connections of hello/fork-pool 64 and 128;',
    ],
    [
      'workers',
      { cells: cells(0).map(({ cell }) => ({ ...cell, workers: 4, connections: 128 })) },
      'workers of hello/single 1 and 4, connections of hello/single 64 and 128, workers of hello/cluster 2 and 4 and 3 more;',
    ],
  ])('%s: refused in one line, and compared with --force', async (_, changes, named) => {
    const argv = ['compare', base(), head(changes)];
    const line = mistake(await run(argv));
    expect(line).toMatch(/^base and head were not measured alike: .+or compare them anyway with --force$/);
    expect(line).toContain(named);
    const forced = await run([...argv, '--force']);
    expect(forced.code).toBe(0);
    expect(forced.out).toContain('(forced)');
  });

  test('a kernel or a governor of another kind is told, and not refused', async () => {
    const { code, out } = await run(['compare', base(), head({ environment: { ...environment, kernel: '6.2.0' } })]);
    expect(code).toBe(0);
    expect(out).toContain('note: kernel: 6.1.0 in base, 6.2.0 in head');
  });
});

describe('mistakes are one line that tells the way out, and exit code 2', () => {
  const refuses = async (text: string | RegExp, ...argv: readonly string[]): Promise<void> => {
    expect(mistake(await run(['compare', ...argv]))).toMatch(text);
  };

  test('one run only', () => refuses('fourways compare needs <head>; see', base()));
  test('no such folder', () => refuses('there is no such file or folder; name the folder', base(), '/nowhere'));
  test('a folder without a run', () => refuses('run.ndjson is not there', base(), temporaryFolder()));
  test('--margin 0', () => refuses(/^--margin 0: give a share above 0/, base(), head(), '--margin', '0'));
  test('--margin -3%', () => refuses(/^--margin/, base(), head(), '--margin=-3%'));
  test('--format xml', () => refuses('format', base(), head(), '--format', 'xml'));
  test('--control that is none', () =>
    refuses("Did you mean 'hello/cluster'?", base(), head(), '--control', 'hello/clutser'));
  test('--control none beside a cell', () =>
    refuses(/^--control none,hello\/single: give none alone/, base(), head(), '--control', 'none,hello/single'));
  test('--strict twice', () => refuses('--strict was given 2 times', base(), head(), '--strict', '--strict'));

  test('another schema version', async () => {
    const old = base();
    const path = join(old, 'run.ndjson');
    changeRunFile(path, (text) => text.replace(/"schema":\d+/, '"schema":3'));
    await refuses(
      /run\.ndjson was written by an older fourways \(.*\): it has schema version 3, and this one reads version \d+; use the fourways that wrote it/,
      base(),
      old,
    );
  });

  test('a file that was cut off, unless --salvage', async () => {
    const cut = head();
    const path = join(cut, 'run.ndjson');
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    await refuses('--salvage', base(), cut);
    const { code, out } = await run(['compare', base(), cut, '--salvage']);
    expect(code).toBe(0);
    expect(out).toContain('note: head is not complete: not every planned trial was measured');
  });

  test('one side empty', async () => {
    const empty = written({ ...runOf(cells(2), later), trials: [] });
    await refuses(/has no trials, so there is nothing to compare; run it to completion$/, base(), empty);
  });

  test('one side all failed', async () => {
    const whole = runOf(cells(2), later);
    const failed = written({ ...whole, trials: whole.manifest.cells.map((cell) => failedTrial(cell, 0)) });
    await refuses(
      /has no valid trial: all 3 failed, so there is nothing to compare; fourways report .+ shows why$/,
      base(),
      failed,
    );
  });

  test('too few trials', () =>
    refuses(
      'too few valid trials for an interval: no cell has 3 in both runs, the most is 2; measure with --rounds 5 or more',
      base(),
      written(runOf(cells(2, 1, 2), later)),
    ));

  test('no cell in common', () =>
    refuses(
      'base and head have no cell in common (base has hello/single, head has cpu/single)',
      base(),
      written(runOf([{ cell: cellOf('single', { scenario: 'cpu' }), perSec: around(9), cpuMs: around(9) }], later)),
    ));
});
