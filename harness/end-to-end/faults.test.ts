/** Faults through the command line, on real processes: what they do to a server is recorded, and the run goes on. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCli } from '../fixtures/cli-process.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { readRun } from '../store/read-run.ts';
import { runFilePath } from '../store/run-file.ts';

const WAITING = fileURLToPath(new URL('../measure/fixtures/waiting.js', import.meta.url));
const what = ['-s', WAITING, '-m', 'single,cluster', '-w', '2', '-c', '4', '--isolate', '0', '--seed', '1'];
const faults = [
  '--fault',
  'kill,block=200ms',
  '--rate',
  'none',
  '--rounds',
  '1',
  '--duration',
  '500ms',
  '--retries',
  '0',
];

test('a killed worker and a blocked event loop, under a single process and under cluster', async () => {
  const folder = join(temporaryFolder(), 'run');
  const { code, err } = await runCli(['run', ...what, ...faults, '--out', folder], { draws: false });
  expect(code, err).toBe(0);
  expect(err).toMatch(/^faults: 4 trials after everything else, about \d+ s$/m);
  expect(err).toMatch(
    /waiting:ms=20: a killed worker under single, round 1 of 1: \d+ of \d+ requests lost, and the server answers no more/,
  );
  const { faulted = [] } = readRun(runFilePath(folder), { salvage: false });
  const recordOf = (id: string) => {
    const trial = faulted.findLast(({ cell }) => cell === id);
    if (trial?.outcome.status !== 'ok') throw new Error(`no valid trial of ${id}: ${JSON.stringify(trial)}`);
    const { record } = trial.outcome;
    return { ...record, lost: record.trace.lost.flatMap(({ bins }) => bins.filter((_, i) => i % 2 === 1)) };
  };
  const single = recordOf('waiting:ms=20/single!kill');
  expect(single).toMatchObject({ isUp: false, end: expect.stringContaining('SIGKILL') });
  expect(single.lost.length).toBeGreaterThan(0);
  expect(recordOf('waiting:ms=20/cluster!kill')).toMatchObject({ isUp: true, workers: { lost: 1 } });
  for (const model of ['single', 'cluster']) {
    expect(recordOf(`waiting:ms=20/${model}!block=200ms`)).toMatchObject({
      isUp: true,
      injected: [{ poison: 'answered' }],
    });
  }
}, 120_000);
