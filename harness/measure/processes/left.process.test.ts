/** What a process of the user has started and let go of ends with it, also when the harness is killed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { markKind } from '../../../dist/harness/measure/processes/tree.js';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { aliveAmong, until } from '../fixtures/processes.ts';

const REGISTRY = new URL('../../../dist/harness/measure/processes/registry.js', import.meta.url);

/**
 * A file that starts, in ways that leave no trace, processes that would go on for ever, and stays. Their ids are in the file `pids`.
 * `node:child_process` kills nothing by itself; `setsid` and the shell that ends at once cut what is between them and it.
 */
function leaving(): { readonly entry: string; readonly pids: () => readonly number[] } {
  const folder = temporaryFolder();
  const [entry, pids] = [join(folder, 'leaving.mjs'), join(folder, 'pids')];
  writeFileSync(
    entry,
    `import { spawn } from 'node:child_process';
const start = (line) =>
  spawn('/bin/sh', ['-c', line], { detached: true, env: {}, stdio: 'ignore', cwd: '/' }).unref();
start('echo $$ >> ${pids}; exec sleep 600');
start('setsid sh -c "echo \\\\$\\\\$ >> ${pids}; exec sleep 600" & exit');
start('(trap "" TERM HUP; sh -c "echo \\\\$\\\\$ >> ${pids}; exec env -i nohup sleep 600" &) & exit');
setInterval(() => {}, 1000);
process.on('disconnect', () => {});
`,
  );
  const found = (): readonly number[] =>
    existsSync(pids) ? readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number) : [];
  return { entry, pids: found };
}

async function allStarted(pids: () => readonly number[]): Promise<readonly number[]> {
  await until('three processes', 20_000, () => pids().length === 3);
  expect(aliveAmong(pids())).toHaveLength(3);
  return pids();
}

describe.runIf(process.platform === 'linux' && markKind() === 'limit')('what was detached three times', () => {
  test('is gone when its process has ended', async () => {
    const registry = new ProcessRegistry();
    onTestFinished(() => registry.close());
    const { entry, pids } = leaving();
    const owned = registry.fork(pathToFileURL(entry));
    const all = await allStarted(pids);
    // By itself, as one that is told to stop.
    owned.child.kill('SIGTERM');
    await owned.exited;
    expect(aliveAmong(all)).toEqual([]);
  });

  test('is gone when the harness was killed', async () => {
    const { entry, pids } = leaving();
    const script = `import { ProcessRegistry } from ${JSON.stringify(REGISTRY.href)};
new ProcessRegistry().fork(new URL(${JSON.stringify(pathToFileURL(entry).href)}));`;
    const harness = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: 'ignore',
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    });
    onTestFinished(() => void harness.kill('SIGKILL'));
    const all = await allStarted(pids);
    harness.kill('SIGKILL');
    await until('nothing left', 5_000, () => aliveAmong(all).length === 0);
  });
});
