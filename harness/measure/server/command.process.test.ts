/** Commands as servers: read from outside, ready when they answer, gone afterwards, and what is wrong with one told in words. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { findServer } from '../../../dist/harness/measure/server/address.js';
import { freePort, startCommand } from '../../../dist/harness/measure/server/command.js';
import { messageOf } from '../../errors.ts';
import { aliveAmong } from '../fixtures/processes.ts';

const registry = new ProcessRegistry();
const { signal } = new AbortController();
const FOLDER = mkdtempSync(join(tmpdir(), 'fourways-test-'));
afterAll(async () => {
  await registry.close();
  rmSync(FOLDER, { recursive: true });
});

const file = (name: string, text: string): string => {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return `${process.execPath} ${path}`;
};
const LISTEN = `require('node:http').createServer((q, r) => {
  const from = process.cpuUsage(); while (q.url === '/spin' && process.cpuUsage(from).user < 20_000);
  r.end('hello');
})`;
const SERVER = file('server.cjs', `${LISTEN}.listen(process.env.PORT);`);
const start = (line: string, startLimitMs = 20_000) =>
  startCommand(registry, { kind: 'command', name: 'mine', line, ready: '/' }, signal, { startLimitMs });
const mistake = async (line: string, startLimitMs?: number): Promise<string> =>
  messageOf(
    await start(line, startLimitMs).then(
      (server) => server.stop(),
      (error: unknown) => error,
    ),
  );

test('is read with all that it started, also what has left its group and its parent, and none of it is left', async () => {
  // A shell starts a process that starts another in a session of its own and ends.
  const leaves = file(
    'leaves.cjs',
    `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }).unref();`,
  );
  const server = await start(`${leaves} && ${SERVER}; true`);
  try {
    expect(server).toMatchObject({ workers: null, isFresh: true });
    const before = await server.read(signal);
    expect(before.inside).toBeNull();
    // The shell, the server, and the one that left.
    expect(before.processes).toHaveLength(3);
    for (let i = 0; i < 10; i++) expect((await fetch(`${server.url}spin`)).status).toBe(200);
    const after = await server.read(signal);
    const usedUs = ({ processes }: typeof before): number =>
      processes.reduce((sum, one) => sum + one.userUs + one.systemUs, 0);
    expect(usedUs(after) - usedUs(before)).toBeGreaterThan(100_000);
    expect(Math.max(...after.processes.map(({ rssBytes }) => rssBytes))).toBeGreaterThan(2 ** 20);
    await server.stop();
    expect(aliveAmong(before.processes.map(({ pid }) => pid))).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('its port may be written in its line', async () => {
  const server = await start(`${file('argument.cjs', `${LISTEN}.listen(process.argv[2]);`)} {port}`);
  expect((await fetch(server.url)).status).toBe(200);
  await server.stop();
});

test.each([
  ['does not exist', 'no-such-program-here', /ended before it answered \(exit code 127: .*not found\)/],
  [
    'ends',
    `${process.execPath} -e "throw new Error('no DATABASE_URL')"`,
    /ended before .*exit code 1: Error: no DATABASE_URL/,
  ],
])('a command that %s', async (_, line, message) => {
  expect(await mistake(line)).toMatch(message);
});

test('one that goes to the background is refused with the way out, and is ended', async () => {
  const daemon = file(
    'daemon.cjs',
    `const child = require('node:child_process').spawn(process.execPath, [${JSON.stringify(join(FOLDER, 'server.cjs'))}], { detached: true, stdio: 'ignore' });
     child.unref(); process.stdout.write('pid ' + child.pid + ' ');`,
  );
  const text = await mistake(daemon);
  expect(text).toMatch(/--command mine: it ended and left a process in the background; .* pm2-runtime/);
});

test('one that answers before it ends, and goes on in the background', async () => {
  const late = file(
    'late.cjs',
    `require('node:child_process').spawn(process.execPath, [${JSON.stringify(join(FOLDER, 'server.cjs'))}], { detached: true, stdio: 'ignore' });
     setTimeout(() => process.exit(), 600);`,
  );
  expect(await mistake(late)).toMatch(/--command mine: it ended and left a process in the background/);
});

test('what stands behind a shell is asked to stop, and has time to', async () => {
  const tidy = file(
    'tidy.cjs',
    `const server = ${LISTEN}.listen(process.env.PORT);
     process.on('SIGTERM', () => setTimeout(() => { require('node:fs').writeFileSync(process.argv[2], ''); process.exit(); }, 200));`,
  );
  const trace = join(FOLDER, 'stopped');
  const server = await start(`${tidy} ${trace}; true`);
  await server.stop();
  expect(existsSync(trace)).toBe(true);
});

test('one that listens elsewhere, does not speak HTTP, or does not get ready', async () => {
  const port = await freePort();
  expect(await mistake(file('fixed.cjs', `${LISTEN}.listen(${port});`), 1500)).toMatch(
    `--command mine: it listens on ${port} instead of the port in PORT; read that, or write {port}`,
  );
  const junk = `require('node:net').createServer((one) => one.end('junk')).listen(process.env.PORT);`;
  expect(await mistake(file('junk.cjs', junk), 1500)).toMatch(/--command mine: what it answers is not HTTP/);
  expect(
    await mistake(file('silent.cjs', `console.log('waiting for redis'); setInterval(() => {}, 1000);`), 1500),
  ).toMatch(/did not get ready within 1.5 s .* the last that it wrote: waiting for redis/);
  const failing = file(
    'failing.cjs',
    `require('node:http').createServer((q, r) => { r.statusCode = 500; r.end(); }).listen(process.env.PORT);`,
  );
  expect(await mistake(failing, 1500)).toMatch(/did not get ready within 1.5 s \(status 500\)/);
});

test('a server that runs already is found by its port, read with its children, and not stopped', async () => {
  const port = await freePort();
  await expect(findServer({ kind: 'address', name: 'mine', port })).rejects.toThrow('nothing listens there');
  const child = spawn(process.execPath, [join(FOLDER, 'server.cjs')], { env: { ...process.env, PORT: String(port) } });
  try {
    while ((await fetch(`http://127.0.0.1:${port}/`).catch(() => null)) === null) await setTimeout(50);
    const server = await findServer({ kind: 'address', name: 'mine', port });
    expect(server).toMatchObject({ port, workers: null, isFresh: false });
    expect((await server.read(signal)).processes.map(({ pid }) => pid)).toEqual([child.pid]);
    await server.stop();
    expect((await fetch(server.url)).status).toBe(200);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
