/** A server that is killed in the middle of a run costs one trial. It is tried again, and the run goes on either way. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startCli } from '../fixtures/cli-process.ts';
import type { Ran } from '../fixtures/command.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { summarySchema } from '../judge/schema/summary.ts';
import { processTree, until } from '../measure/fixtures/processes.ts';
import { readRun } from '../store/read-run.ts';
import type { Run } from '../store/schema.ts';

const WAITING = fileURLToPath(new URL('../measure/fixtures/waiting.js', import.meta.url));

/** Two models, one round; the server of the first trial is killed. */
async function runStruckOnce(retries: number): Promise<Ran & { readonly run: Run }> {
  const folder = join(temporaryFolder(), 'run');
  const mark = join(temporaryFolder(), 'mark');
  const asked = ['-s', WAITING, '-m', 'single,cluster', '-w', '2', '-c', '4', '--retries', String(retries)];
  const least = ['--preset', 'quick', '--rounds', '1', '--duration', '200ms', '--format', 'json', '--out', folder];
  const { pid, ended } = startCli(['run', ...asked, ...least], {
    env: { FOURWAYS_TEST_MARK: mark },
    draws: false,
  });
  await until('a trial under load', 30_000, () => existsSync(mark));
  const host = processTree(pid).find(({ command }) => command.includes('servers/host'));
  if (host === undefined) throw new Error('there is no server');
  process.kill(host.pid, 'SIGKILL');
  rmSync(mark);
  const ran = await ended;
  return { ...ran, run: readRun(join(folder, 'run.ndjson'), { salvage: false }) };
}

describe.runIf(process.platform === 'linux')('the server of one trial is killed', () => {
  test('with a retry every cell is measured, and the failure stays in the record', async () => {
    const { code, out, err, run } = await runStruckOnce(1);
    // Tests run beside it, and may disturb a trial, which then comes again as well.
    const undisturbed = run.trials.filter(
      ({ outcome }) => outcome.status === 'ok' || outcome.reason.kind !== 'disturbed',
    );
    const struck = undisturbed.find(({ outcome }) => outcome.status === 'failed');
    expect(struck).toMatchObject({ attempt: 0, outcome: { status: 'failed', reason: { kind: 'server' } } });
    expect(undisturbed.filter(({ outcome }) => outcome.status === 'ok')).toHaveLength(2);
    expect(undisturbed.at(-1)).toMatchObject({ cell: struck?.cell, round: 0, attempt: 1 });
    expect(code).toBe(0);
    expect(err).toMatch(/failed, the server ended during the trial \(SIGKILL\), \d+ s left$/m);
    const { warnings, scenarios } = summarySchema.parse(JSON.parse(out));
    expect(warnings.map((one) => one.code)).toContain('failed-trials');
    expect(scenarios[0]?.cells.every(({ result }) => result !== null)).toBe(true);
  });

  test('without one its cell is given up, and the rest is measured', async () => {
    const { code, out, run } = await runStruckOnce(0);
    expect(run.trials.map(({ outcome }) => outcome.status)).toEqual(['failed', 'ok']);
    expect(run.end?.reason).toBe('complete');
    expect(code).toBe(3);
    const [scenario] = summarySchema.parse(JSON.parse(out)).scenarios;
    const lost = scenario?.cells.find(({ id }) => id === run.trials[0]?.cell);
    expect(lost).toMatchObject({ result: null, givenUp: { kind: 'server' } });
    expect(scenario?.cells.filter(({ result }) => result !== null)).toHaveLength(1);
  });
});
