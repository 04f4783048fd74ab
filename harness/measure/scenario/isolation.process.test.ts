/** With CPUs reserved for load generation, server and generators keep to theirs: seen from outside, thread by thread. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { canBind } from '../../../dist/harness/measure/host/facts.js';
import { startCli } from '../../fixtures/cli-process.ts';
import { mistake } from '../../fixtures/command.ts';
import { runCompiled } from '../../fixtures/compiled-command.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { readRun } from '../../store/read-run.ts';
import { processTree, until } from '../fixtures/processes.ts';
import { parseCpuList } from '../host/cpu-list.ts';

const MARKING = fileURLToPath(new URL('../fixtures/marking.js', import.meta.url));
const count = availableParallelism();
const [firstCpu = 0] = parseCpuList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(statusOf('self'))?.[1] ?? '') ?? [];
const canIsolate = count > 1 && process.platform === 'linux' && canBind(firstCpu);

function statusOf(task: string): string {
  return existsSync('/proc') ? readFileSync(`/proc/${task}/status`, 'utf8') : '';
}

/** The CPUs that the threads of these processes may run on, without repeats. */
function cpusOf(pids: readonly number[]): readonly string[] {
  const threads = pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((thread) => `${pid}/task/${thread}`));
  expect(threads.length).toBeGreaterThan(1);
  return [...new Set(threads.map((thread) => /^Cpus_allowed_list:\s*(\S+)$/m.exec(statusOf(thread))?.[1] ?? ''))];
}

describe.runIf(canIsolate)('one CPU is reserved', () => {
  test.each(['cluster', 'worker-threads'])('%s keeps to the others, the generator to that one', async (model) => {
    const folder = join(temporaryFolder(), 'run');
    const mark = join(temporaryFolder(), 'mark');
    const least = ['--preset', 'quick', '--rounds', '1', '--duration', '500ms', '--retries', '0', '--out', folder];
    const { pid, ended } = startCli(
      ['run', '-s', `${MARKING}:ms=20`, '-m', model, '-c', '4', '--isolate', '1', ...least],
      {
        env: { FOURWAYS_TEST_MARK: mark },
        draws: false,
      },
    );
    await until('a trial under load', 30_000, () => existsSync(mark));
    const named = (part: string): number[] =>
      processTree(pid)
        .filter(({ command }) => command.includes(part))
        .map((one) => one.pid);
    const servers = cpusOf(named('servers/host').flatMap((host) => processTree(host).map((one) => one.pid)));
    const beside = cpusOf([...named('generator/process'), ...named('scenarios/upstream')]);
    expect((await ended).code).not.toBe(2);

    const { manifest, trials } = readRun(join(folder, 'run.ndjson'), { salvage: false });
    const { placement } = manifest;
    if (placement.kind !== 'isolated') throw new Error('no CPU was reserved');
    expect(placement).toMatchObject({ why: 'asked', generators: 1 });
    expect(servers.map(parseCpuList)).toEqual([placement.serverCpus]);
    expect(beside.map(parseCpuList)).toEqual([placement.generatorCpus]);
    expect(placement.serverCpus.filter((cpu) => placement.generatorCpus.includes(cpu))).toEqual([]);
    expect(placement.generatorCpus).toHaveLength(1);
    expect(manifest.cells.map(({ workers }) => workers)).toEqual([placement.serverCpus.length]);
    // Tests run beside it, and may have disturbed it; a last try counts whatever they did.
    expect(trials.at(-1)?.outcome.status).toBe('ok');
  });
});

test.each([count, count + 98])('%i CPUs are too many to reserve: exit code 2, one line', async (asked) => {
  const folder = join(temporaryFolder(), 'run');
  const line = mistake(await runCompiled(['run', '-s', 'hello', '--isolate', String(asked), '--out', folder]));
  expect(line).toMatch(new RegExp(`^--isolate ${asked}: \\d+ CPUs? (is|are) available, and the server needs one; `));
  expect(existsSync(folder)).toBe(false);
});
