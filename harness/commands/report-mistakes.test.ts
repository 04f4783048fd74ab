/** What cannot be drawn, or not there: one line, exit code 2, and nothing is written. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { failedTrial } from '../fixtures/run.ts';
import { sentRuns } from '../fixtures/sent-runs.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const sent = sentRuns();

/** A run in which nothing worked. */
async function failedRun(): Promise<string> {
  const folder = join(temporaryFolder(), 'run');
  const argv = ['run', '-s', 'hello', '-m', 'single', '--rounds', '1', '--retries', '0', '--rate', 'none'];
  await run([...argv, '--out', folder], { measuring: () => fakeMeasuring((cell, round) => failedTrial(cell, round)) });
  rmSync(join(folder, 'report'), { recursive: true });
  return folder;
}

test('a run without a single valid trial is a mistake that says why, and nothing is written', async () => {
  const folder = await failedRun();
  const file = join(folder, 'run.ndjson');
  const out = join(temporaryFolder(), 'report');
  expect(mistake(await run(['report', folder, '--out', out]))).toBe(
    `${file}: its only trial failed (a request had no reply within 10 s); there is nothing to draw; fix that and run it again`,
  );
  expect(existsSync(out)).toBe(false);
});

test('several runs without a valid trial among them are one, and are counted together', async () => {
  const [one, other] = [await failedRun(), await failedRun()];
  expect(mistake(await run(['report', `a=${one}`, `b=${other}`]))).toContain(
    'none of 2 trials is valid, the first failed (a request had no reply within 10 s)',
  );
});

test('beside a run that worked, one that did not is shown as it is', async () => {
  const folder = join(sent('a'), 'a');
  const out = join(temporaryFolder(), 'report');
  const ran = await run(['report', `worked=${folder}`, `failed=${await failedRun()}`, '--out', out]);
  expect({ code: ran.code, err: ran.err }).toEqual({ code: 3, err: `Report: ${join(out, 'index.html')}\n` });
  expect(ran.out).toMatch(/^ {2}single · failed +(?:given up after|failed)/mu);
  expect(existsSync(join(out, 'index.html'))).toBe(true);
});

test('an --out that cannot be created is a mistake that names it', async () => {
  const folder = join(sent('a'), 'a');
  const out = join(folder, 'run.ndjson', 'report');
  expect(mistake(await run(['report', folder, '--out', out]))).toBe(
    `--out ${out} cannot be created (ENOTDIR); name a folder that you may write to`,
  );
});

test('a folder beside the run that cannot be written is a mistake', async () => {
  const folder = join(sent('a'), 'a');
  writeFileSync(join(folder, 'report'), 'mine');
  expect(mistake(await run(['report', folder]))).toMatch(
    /report cannot be written \(E[A-Z]+\); give --out with a folder/u,
  );
  expect(readFileSync(join(folder, 'report'), 'utf8')).toBe('mine');
});
