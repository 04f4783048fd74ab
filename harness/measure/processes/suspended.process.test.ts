/** A process that is stopped where it is goes on in the end, or does not outlive the harness. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aliveAmong, until } from '../fixtures/processes.ts';

const REGISTRY = new URL('../../../dist/harness/measure/processes/registry.js', import.meta.url).href;
const SERVICE = new URL('../fixtures/plain-server.js', import.meta.url).href;

/** A harness that has started a service and stopped it. Told so, it lets it go on. */
const HARNESS = `
  import { ProcessRegistry } from ${JSON.stringify(REGISTRY)};
  const registry = new ProcessRegistry();
  const { child } = registry.fork(new URL(${JSON.stringify(SERVICE)}));
  child.once('message', () => {
    const resume = registry.suspend(child.pid);
    console.log(child.pid);
    process.stdin.once('data', resume);
  });
`;

async function suspended(): Promise<{ readonly harness: ChildProcess; readonly pid: number }> {
  const harness = spawn(process.execPath, ['--input-type=module', '-e', HARNESS], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void harness.kill('SIGKILL'));
  const [text] = await once(harness.stdout ?? harness, 'data');
  const pid = Number(text);
  await until('stopped', 10_000, () => stateOf(pid) === 'T');
  return { harness, pid };
}

function stateOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0];
}

describe.runIf(process.platform === 'linux')('a service that is stopped', () => {
  test('goes on when it is told to', async () => {
    const { harness, pid } = await suspended();
    harness.stdin?.write('\n');
    await until('running', 10_000, () => stateOf(pid) !== 'T');
  });

  test('is gone when the harness is killed', async () => {
    const { harness, pid } = await suspended();
    harness.kill('SIGKILL');
    await until('gone', 20_000, () => aliveAmong([pid]).length === 0);
    expect(aliveAmong([pid])).toEqual([]);
  });
});
