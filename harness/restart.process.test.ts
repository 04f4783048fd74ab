/** What a caller has set in NODE_OPTIONS is for the servers: it neither holds a command nor prints into its result. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, startCli } from './fixtures/cli-process.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { aliveAmong, processTree, until } from './measure/fixtures/processes.ts';

/** An agent that is loaded into every process of Node.js: it holds it, has its last word, and does this. */
function agent(text = ''): { readonly NODE_OPTIONS: string } {
  const file = join(temporaryFolder(), 'agent.cjs');
  writeFileSync(
    file,
    `setInterval(() => {}, 1000);
process.on('exit', () => console.log('agent: bye'));\n${text}`,
  );
  return { NODE_OPTIONS: `--require=${file}` };
}

test('an agent with a timer neither prints into a command nor holds it', async () => {
  const ran = await runCli(['list', '--format', 'json'], { env: agent() });
  expect(ran.code, ran.err).toBe(0);
  expect(JSON.parse(ran.out)).toHaveProperty('models');
});

test('what has been printed by then is no result of ours: exit code 2, one line', async () => {
  const ran = await runCli(['list', '--format', 'json'], { env: agent("console.log('agent: ready');") });
  expect(ran.code).toBe(2);
  expect(ran.err).toMatch(/^fourways: NODE_OPTIONS: what it loads prints 'agent: ready' where [^\n]+\n$/);
});

test.runIf(process.platform === 'linux')('a signal stops it once, and what was started ends with it', async () => {
  for (const [signal, code] of [
    ['SIGTERM', 0],
    ['SIGKILL', -1],
  ] as const) {
    const serving = startCli(['serve', 'single', 'hello'], { env: agent() });
    await until('a server', 30_000, () => serving.out().includes('stop     Ctrl-C'));
    const pids = processTree(serving.pid).map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(2);
    serving.child.kill(signal);
    expect((await serving.ended).code).toBe(code);
    await until('nothing left', 5_000, () => aliveAmong(pids).length === 0);
  }
});
