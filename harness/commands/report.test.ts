/** Everything can be drawn again from the run file alone. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { summarySchema } from '../judge/schema/summary.ts';

/** Runs a small matrix; then the run file alone, as if sent by somebody else. */
async function sentRun(...flags: readonly string[]): Promise<{ folder: string; file: string; printed: string }> {
  const [original, folder] = [join(temporaryFolder(), 'run'), temporaryFolder()];
  const argv = ['run', '-s', 'hello,cpu:ms=2', '-m', 'single,cluster', '--rounds', '3', '--seed', '1', '-w', '2'];
  const { out } = await run([...argv, '--out', original, ...flags]);
  const file = join(folder, 'run.ndjson');
  copyFileSync(join(original, 'run.ndjson'), file);
  return { folder, file, printed: out };
}

test.each(['text', 'json', 'markdown'])('prints what the run printed, as %s', async (format) => {
  const { folder, file, printed } = await sentRun('--format', format);
  expect(await run(['report', folder, '--format', format])).toMatchObject({ code: 0, out: printed });
  expect(await run(['report', file, '--format', format])).toMatchObject({ code: 0, out: printed });
});

test('--detail prints tables as well, of every pair of models too', async () => {
  const { folder, printed } = await sentRun();
  expect(printed).not.toContain('cluster vs single');
  expect((await run(['report', folder, '--detail'])).out).toContain('cluster vs single');
});

test('writes the report beside the run file, again and again, and leaves the run file as it is', async () => {
  const { folder, file } = await sentRun();
  const before = readFileSync(file);
  await run(['report', folder]);
  const written = readdirSync(join(folder, 'report'));
  expect(written).toContain('index.html');
  await run(['report', folder]);
  expect(readdirSync(join(folder, 'report'))).toEqual(written);
  expect(readFileSync(file)).toEqual(before);
});

test('--out writes the report elsewhere, and nothing beside the run file', async () => {
  const { folder } = await sentRun();
  const elsewhere = join(temporaryFolder(), 'a', 'b');
  const { code, err } = await run(['report', folder, '--out', elsewhere]);
  expect({ code, err }).toEqual({ code: 0, err: `Report: ${join(elsewhere, 'index.html')}\n` });
  expect(existsSync(join(elsewhere, 'index.html'))).toBe(true);
  expect(readdirSync(folder)).toEqual(['run.ndjson']);
});

test('--out that is there already is a mistake', async () => {
  const { folder, file } = await sentRun();
  expect(mistake(await run(['report', folder, '--out', file]))).toMatch(
    /^--out .+ exists already; nothing is overwritten/,
  );
});

test('a run that was killed while writing: refused, or --salvage', async () => {
  const { folder, file } = await sentRun('--rate', 'none');
  writeFileSync(file, readFileSync(file).subarray(0, -200));
  expect(mistake(await run(['report', folder]))).toContain('--salvage reports on the complete trials before it');
  const { code, out } = await run(['report', folder, '--salvage', '--format', 'json']);
  const summary = summarySchema.parse(JSON.parse(out));
  expect(code).toBe(0);
  expect(summary.complete).toBe(false);
  expect(summary.scenarios.flatMap(({ cells }) => cells).reduce((sum, { trialsOk }) => sum + trialsOk, 0)).toBe(11);
});

test('a folder without a run file is a mistake', async () => {
  expect(mistake(await run(['report', temporaryFolder()]))).toContain('run.ndjson is not there');
});
