/** Several runs in one report, from the words to the files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { DRAWN, mistake, run } from '../fixtures/command.ts';
import { sentRuns, underNode } from '../fixtures/sent-runs.ts';
import { summarySchema } from '../judge/schema/summary.ts';

const sent = sentRuns();

test('names them after their folders, and tells what differs', async () => {
  const parent = sent('main', 'branch');
  underNode(join(parent, 'branch'), 'v99.1.0');
  const out = join(parent, 'report');
  const argv = ['report', join(parent, 'main'), join(parent, 'branch'), '--out', out];
  const { code, out: printed, err } = await run(argv, undefined, DRAWN);
  expect({ code, err }).toEqual({ code: 0, err: `Report: ${join(out, 'index.html')}\n` });
  expect(printed).toMatch(/^ {2}cluster · main +[\d,]+\/s .*\n {2}cluster · branch +[\d,]+\/s /mu);
  expect(printed).toMatch(/^branch: Node 99\.1\.0$/mu);
  const page = readFileSync(join(out, 'index.html'), 'utf8');
  expect(page).toContain('cluster · branch');
  expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('| cluster · branch |');
});

test('takes the names that are given, also with the file instead of the folder', async () => {
  const parent = sent('1', '2');
  const file = join(parent, '2', 'run.ndjson');
  const argv = ['report', `before=${join(parent, '1')}`, `after=${file}`, '--out', join(parent, 'report')];
  const { code, out } = await run([...argv, '--format', 'markdown']);
  expect(code).toBe(0);
  expect(out).toContain('| single · before |');
  expect(out).toContain('| single · after |');
});

test('as JSON each is the summary that its own run has', async () => {
  const parent = sent('a', 'b');
  const argv = ['report', join(parent, 'a'), join(parent, 'b'), '--out', join(parent, 'report'), '--format', 'json'];
  const summaries = z.array(summarySchema).parse(JSON.parse((await run(argv)).out));
  const alone = summarySchema.parse(JSON.parse((await run(['report', join(parent, 'a'), '--format', 'json'])).out));
  expect(summaries).toEqual([alone, alone]);
});

test.each([
  [['--require', 'hello/single p99<1s'], '--require is judged in one run; give one run at a time'],
  [['--hdr'], '--hdr writes the latencies of one run; give one run at a time'],
])('%j is a mistake, and nothing is written', async (flags, line) => {
  const parent = sent('a', 'b');
  const argv = ['report', join(parent, 'a'), join(parent, 'b'), '--out', join(parent, 'report'), ...flags];
  expect(mistake(await run(argv))).toBe(line);
  expect(existsSync(join(parent, 'report'))).toBe(false);
});

test('the same run twice is a mistake', async () => {
  const parent = sent('a');
  const line = mistake(await run(['report', join(parent, 'a'), join(parent, 'a', 'run.ndjson'), '--out', parent]));
  expect(line).toBe(`${join(parent, 'a')} is given twice; give each run once`);
  expect(readdirSync(join(parent, 'a'))).toEqual(['run.ndjson']);
});

test('one that is not there is named', async () => {
  const parent = sent('a');
  const argv = ['report', `before=${join(parent, 'a')}`, `after=${join(parent, 'b')}`];
  expect(mistake(await run(argv))).toContain(`${join(parent, 'b')}: there is no such file or folder`);
});
