import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cell } from './fixtures/build.ts';
import { summary } from './fixtures/summary.ts';
import { hostileSummary, resultWith, scenarioOf, summaryOf } from './fixtures/variants.ts';
import { writeReport } from './write.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'fourways-report-'));
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

test('writes each chart of each scenario, its specification, and the page', async () => {
  const folder = join(parent, 'a', 'report');
  const written = await writeReport(summary, folder);
  expect(new Set(written.omitted.map(({ reason }) => reason))).toEqual(
    new Set(['no latency was measured at given rates']),
  );
  expect(written.charts).toContain(join(folder, 'throughput-cpu-ms-10.svg'));
  expect(written.charts).toHaveLength(9);
  expect(await readdir(folder)).toHaveLength(2 * 9 + 1);
  const spec: unknown = JSON.parse(await readFile(join(folder, 'latency-hello.vl.json'), 'utf8'));
  expect(spec).toMatchObject({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json' });
  expect(await readFile(written.index, 'utf8')).toContain('<svg role="img"');
});

test('the same summary gives the same files', async () => {
  const read = async (folder: string) => {
    await writeReport(summary, folder);
    const names = (await readdir(folder)).sort();
    return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]));
  };
  expect(await read(join(parent, 'one'))).toEqual(await read(join(parent, 'two')));
});

test('a hostile scenario id stays inside the folder', async () => {
  const hostile = hostileSummary();
  const scenarios = hostile.scenarios.map((scenario) => ({ ...scenario, id: '../../outside' }));
  await writeReport({ ...hostile, scenarios }, join(parent, 'report'));
  expect(await readdir(parent)).toEqual(['report']);
  const page = await readFile(join(parent, 'report', 'index.html'), 'utf8');
  expect(page).not.toMatch(/<(?:img|script|\/script)/u);
});

test('tells which charts were left out and why', async () => {
  const alone = scenarioOf(cell('hello', 'single', resultWith({})));
  const written = await writeReport(summaryOf(alone), join(parent, 'report'));
  expect(written.omitted).toContainEqual({
    chart: 'requests-per-worker',
    scenario: 'hello',
    reason: 'no model has more than one worker',
  });
});
