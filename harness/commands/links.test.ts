/** Links in folders of results, as somebody may have put them there: nothing is written to what they lead to. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { DRAWN, mistake, mistakeAfter, run } from '../fixtures/command.ts';
import { resume, runFileIn, stoppedRun, wholeRun } from '../fixtures/stopped-run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** A file elsewhere that these paths lead to, in place of whatever is there. */
function linkFrom(...paths: readonly string[]): { readonly path: string; readonly text: () => string } {
  const path = join(temporaryFolder(), 'mine');
  writeFileSync(path, 'mine');
  for (const from of paths) {
    rmSync(from, { force: true, recursive: true });
    symlinkSync(path, from);
  }
  return { path, text: () => readFileSync(path, 'utf8') };
}

/** An empty folder elsewhere that this path leads to. */
function linkedFolder(from: string): { readonly names: () => readonly string[] } {
  const path = temporaryFolder();
  rmSync(from, { force: true, recursive: true });
  symlinkSync(path, from);
  return { names: () => readdirSync(path) };
}

const REFUSED = /is a link, and nothing is written through one; put a copy of what it leads to in its place$/;

test('report and --hdr write files anew, and into no folder that is a link', async () => {
  const { folder } = await wholeRun();
  const written = join(folder, 'report');
  const args = ['report', folder, '--chart', 'throughput', '--hdr'];
  const first = await run(args, {}, DRAWN);
  expect(first.code, first.err).toBe(0);
  const names = readdirSync(written);
  const hdr = readdirSync(join(folder, 'hdr'));
  const target = linkFrom(...names.map((name) => join(written, name)), ...hdr.map((name) => join(folder, 'hdr', name)));
  expect(await run(args, {}, DRAWN)).toEqual(first);
  expect([target.text(), readdirSync(written)]).toEqual(['mine', names]);

  const profiles = linkedFolder(join(folder, 'hdr'));
  expect(mistake(await run([...args, '--format', 'text'], {}))).toMatch(REFUSED);
  const report = linkedFolder(written);
  expect(mistake(await run(args, {}, DRAWN))).toMatch(REFUSED);
  expect([profiles.names(), report.names()]).toEqual([[], []]);
});

test('--resume writes the summary anew, and does not begin where the run file or the report is a link', async () => {
  const folder = await stoppedRun(4);
  const summary = linkFrom(join(folder, 'summary.json'));
  const report = linkedFolder(join(folder, 'report'));
  const refused = await resume(folder);
  expect(mistake(refused)).toMatch(REFUSED);
  expect(refused.log).toEqual([]);
  rmSync(join(folder, 'report'));

  const elsewhere = join(temporaryFolder(), 'run.ndjson');
  renameSync(runFileIn(folder), elsewhere);
  symlinkSync(elsewhere, runFileIn(folder));
  const before = readFileSync(elsewhere, 'utf8');
  expect(mistake(await resume(folder))).toMatch(REFUSED);
  expect(readFileSync(elsewhere, 'utf8')).toBe(before);

  rmSync(runFileIn(folder));
  renameSync(elsewhere, runFileIn(folder));
  expect((await resume(folder)).code).toBe(0);
  expect([summary.text(), report.names()]).toEqual(['mine', []]);
});

test('history goes on in no file that is a link, and keeps a baseline in none', async () => {
  const { folder } = await wholeRun();
  const history = join(temporaryFolder(), 'of', 'history.ndjson');
  mkdirSync(dirname(history));
  const target = linkFrom(history);
  const add = () => run(['history', 'add', folder, '--branch', 'main', '--history', history]);
  // What is there is no history, and is left out with a line before.
  expect(mistakeAfter(await add())).toMatch(REFUSED);
  expect(target.text()).toBe('mine');
  rmSync(history);

  const baselines = linkedFolder(join(dirname(history), 'baselines'));
  expect(mistake(await add())).toMatch(REFUSED);
  expect(baselines.names()).toEqual([]);
  rmSync(join(dirname(history), 'baselines'));
  mkdirSync(join(dirname(history), 'baselines'));
  const baseline = linkFrom(join(dirname(history), 'baselines', 'main.ndjson'));
  expect((await add()).code).toBe(0);
  expect(baseline.text()).toBe('mine');
});
