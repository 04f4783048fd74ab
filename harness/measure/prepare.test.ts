/** The limit of a scenario of which only some requests run the kernel. */
import { expect, test } from 'vitest';
import { run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { newFolder, runFileIn } from '../fixtures/stopped-run.ts';
import { readRun } from '../store/read-run.ts';
import type { ScenarioPlan } from '../store/schema.ts';

const calibration = { kernelCpuMs: 80, samples: 10, cpus: 2 };

/** Plans and measures one scenario on two workers, with a kernel of 80 ms. */
async function planOf(scenario: string): Promise<ScenarioPlan | undefined> {
  const folder = newFolder();
  const measuring = { ...fakeMeasuring(), calibrate: async () => ({ iterations: 7, calibration }) };
  const flags = ['-m', 'single', '-w', '2', '--rounds', '1', '--isolate', '0', '--out', folder];
  const { code } = await run(['run', '-s', scenario, ...flags], { measuring: () => measuring });
  expect(code).toBe(0);
  return readRun(runFileIn(folder), { salvage: false }).manifest.scenarios[0];
}

test('it is that of the mean request; the calibration stays that of the kernel', async () => {
  const plan = await planOf('mixed:percent=10');
  expect(plan).toMatchObject({ calibration, limit: { kind: 'cpu', kernelCpuMs: 8, requestsPerSec: 250 } });
});

test('without a share every request runs the kernel', async () => {
  expect(await planOf('cpu')).toMatchObject({ calibration, limit: { kernelCpuMs: 80, requestsPerSec: 25 } });
});
