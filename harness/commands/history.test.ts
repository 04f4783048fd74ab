/** A history from the command line: adding runs, showing them, and comparing with the newest one of a branch. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { cellOf, environment } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { changedOn } from '../judge/history/fixtures/lines.ts';
import { around, runOf } from '../judge/fixtures/two-runs.ts';
import type { Manifest, Run } from '../store/schema.ts';

beforeEach(() => {
  const named = ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'GITHUB_REF_TYPE', 'CI_COMMIT_REF_NAME', 'BRANCH_NAME'];
  for (const name of [...named, 'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME']) vi.stubEnv(name, '');
  return () => vi.unstubAllEnvs();
});

function measured(slower = 1, changes: Partial<Manifest> = {}): Run {
  const cells = ['single', 'cluster', 'fork-pool'].map((model, i) => ({
    cell: cellOf(model),
    perSec: around(100, i),
    cpuMs: around(model === 'cluster' ? 10 * slower : 10, i + 3),
  }));
  const git = { commit: 'abc1234'.padEnd(40, '0'), dirty: false };
  return runOf(cells, { environment: { ...environment, git }, ...changes });
}

/** The folder of a run, as `fourways run` leaves it. */
function written({ manifest, trials, end }: Run, folder = join(temporaryFolder(), 'run')): string {
  mkdirSync(folder, { recursive: true });
  const lines = [manifest, ...trials, ...(end === null ? [] : [end])];
  writeFileSync(join(folder, 'run.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return folder;
}

const newHistory = (): string => join(temporaryFolder(), 'history.ndjson');
const later = { startedAt: '2026-01-16T10:15:00.000Z' };

describe('history add', () => {
  test('keeps a line and the run file, and a run once', async () => {
    const [history, folder] = [newHistory(), written(measured())];
    const add = () => run(['history', 'add', folder, '--history', history, '--branch', 'main']);
    expect(await add()).toEqual({
      code: 0,
      out: `${folder} (abc1234 of main) was added to ${history}, run 1\n`,
      err: '',
    });
    expect(await add()).toMatchObject({ code: 0, out: expect.stringContaining('nothing was added') });
    expect(readFileSync(history, 'utf8').trimEnd().split('\n')).toHaveLength(1);
    const kept = join(dirname(history), 'baselines', 'main.ndjson');
    expect(readFileSync(kept)).toEqual(readFileSync(join(folder, 'run.ndjson')));
    rmSync(kept);
    await add();
    expect(existsSync(kept)).toBe(true);
  });

  test('an older run does not take the place of the newest', async () => {
    const history = newHistory();
    const [old, fresh] = [written(measured()), written(measured(1, later))];
    for (const folder of [fresh, old]) await run(['history', 'add', folder, '--history', history, '--branch', 'main']);
    const kept = readFileSync(join(dirname(history), 'baselines', 'main.ndjson'), 'utf8');
    expect(kept).toContain(later.startedAt);
  });

  test('of an ab, its head', async () => {
    const folder = temporaryFolder();
    written(measured(1, { startedAt: '2026-01-15T09:00:00.000Z' }), join(folder, 'base'));
    written(measured(1, later), join(folder, 'head'));
    const history = newHistory();
    const { code } = await run(['history', 'add', folder, '--history', history, '--branch', 'main']);
    expect({ code, has: readFileSync(history, 'utf8').includes(later.startedAt) }).toEqual({ code: 0, has: true });
  });

  test.each([
    [{ GITHUB_HEAD_REF: 'main', GITHUB_REF_NAME: '7/merge' }, 'pull/main'],
    [{ GITHUB_REF_NAME: 'main' }, 'main'],
    [{ CI_COMMIT_REF_NAME: 'trunk' }, 'trunk'],
    [{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'main', CI_COMMIT_REF_NAME: 'main' }, 'pull/main'],
  ])('the branch as CI names it: %o', async (env, branch) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const history = newHistory();
    const { out } = await run(['history', 'add', written(measured()), '--history', history]);
    expect(out).toContain(`(abc1234 of ${branch})`);
  });

  test('a history that was cut off goes on, and says so', async () => {
    const history = newHistory();
    await run(['history', 'add', written(measured()), '--history', history, '--branch', 'main']);
    appendFileSync(history, '{"type":"run","tool":"fou');
    const { code, err } = await run([
      ...['history', 'add', written(measured(1, later))],
      ...['--history', history, '--branch', 'main'],
    ]);
    expect(code).toBe(0);
    expect(err).toBe(`${history}: line 2 was cut off and is left out; add that run again\n`);
    expect((await run(['history', '--history', history])).out).toContain('in 2 runs of main');
  });

  test('mistakes', async () => {
    expect(mistake(await run(['history', 'add']))).toContain('needs <run>');
    expect(mistake(await run(['history', 'remove', 'x']))).toContain("give 'add' and a run");
    expect(mistake(await run(['history', 'add', 'runs/none']))).toContain('there is no such file or folder');
  });
});

describe('history', () => {
  function kept(times: number): string {
    const history = newHistory();
    writeFileSync(
      history,
      changedOn(20, times)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    return history;
  }

  test('shows what changed, and exits with 1 only where that was asked for', async () => {
    const history = kept(1.1);
    const plain = await run(['history', '--history', history]);
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toContain('1 change in 30 runs of main: 1 for the worse.');
    const failing = (newest: string) => run(['history', '--history', history, '--fail-on-change', newest]);
    expect((await failing('10')).code).toBe(1);
    expect((await failing('9')).code).toBe(0);
  });

  test('mistakes', async () => {
    const history = kept(1);
    expect(mistake(await run(['history', '--history', 'none/at-all']))).toContain("'fourways history add <run>'");
    expect(mistake(await run(['history', '--history', history, '--metric', 'cpu']))).toContain('no such metric');
    expect(mistake(await run(['history', '--history', history, '--branch', 'mian']))).toContain("mean 'main'");
    expect(mistake(await run(['history', '--history', history, '--fail-on-change', '0']))).toContain('whole number');
  });
});

describe('compare --baseline', () => {
  test('without one, a run of another branch passes, and is not kept', async () => {
    vi.stubEnv('GITHUB_HEAD_REF', 'main');
    const [history, folder] = [newHistory(), written(measured())];
    const { code, out } = await run(['compare', folder, '--baseline', 'main', '--history', history]);
    expect(code).toBe(0);
    expect(out).toContain(`${folder} is a run of pull/main and not kept as one, and nothing was compared.`);
    expect(existsSync(join(dirname(history), 'baselines'))).toBe(false);
  });

  test('without one, the run is kept as the first, and passes', async () => {
    vi.stubEnv('GITHUB_REF_NAME', 'main');
    const [history, folder] = [newHistory(), written(measured())];
    const compare = (head: string, ...more: readonly string[]) =>
      run(['compare', head, '--baseline', 'main', '--history', history, ...more]);
    const first = await compare(folder);
    expect(first).toEqual({
      code: 0,
      out: `There was no baseline of main in ${history}: ${folder} is kept as the first one, and nothing was compared.\n`,
      err: '',
    });
    expect(existsSync(join(dirname(history), 'baselines', 'main.ndjson'))).toBe(true);
    const equal = await compare(written(measured(1, later)), '--control', 'none');
    expect(equal).toMatchObject({ code: 0 });
    expect(equal.out).toContain('baseline main');
    expect((await compare(written(measured(1.2, later)), '--control', 'none')).code).toBe(1);
  });

  test('of another Node.js is refused, with the way out', async () => {
    const history = newHistory();
    await run(['history', 'add', written(measured()), '--history', history, '--branch', 'main']);
    const newer = written(measured(1, { ...later, environment: { ...environment, node: '24.0.0' } }));
    const compare = ['compare', newer, '--baseline', 'main', '--history', history];
    expect(mistake(await run(compare))).toMatch(
      /Node 22\.12\.0 and 24\.0\.0.*add a run of main from here with fourways history add.*--force$/,
    );
    expect((await run([...compare, '--force'])).code).toBe(0);
  });

  test('mistakes', async () => {
    const folder = written(measured());
    expect(mistake(await run(['compare', folder, folder, '--baseline', 'main']))).toContain('name one run');
    expect(mistake(await run(['compare', '--baseline', 'main']))).toContain('name one run');
    expect(mistake(await run(['compare', folder]))).toContain('needs <head>');
    expect(mistake(await run(['compare', folder, folder, '--history', 'x']))).toContain('give --baseline as well');
    renameSync(join(folder, 'run.ndjson'), join(folder, 'other.ndjson'));
    expect(mistake(await run(['compare', folder, '--baseline', 'main', '--history', newHistory()]))).toContain(
      'is not there',
    );
  });
});
