/** The commands of `examples/deployments` that are installed: all their processes are seen, and nothing is left of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../dist/harness/config/load.js';
import { ProcessRegistry } from '../../dist/harness/measure/processes/registry.js';
import { startCommand } from '../../dist/harness/measure/server/command.js';
import type { RunningServer } from '../../dist/harness/measure/server/running.js';
import { messageOf } from '../errors.ts';
import { DEPLOYMENTS, installDeployments } from '../fixtures/installed-apps.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { aliveAmong } from '../measure/fixtures/processes.ts';

const INSTALL_LIMIT_MS = 300_000;
/** What serves requests, in the command lines of its processes, and how many of them there are. */
const SERVING: Readonly<Record<string, readonly [RegExp, number]>> = {
  pm2: [/server\.js/, 2],
  nginx: [/node server\.js|nginx: worker/, 3],
  'nginx-ip-hash': [/node server\.js|nginx: worker/, 3],
  bun: [/^\S*bun run/, 2],
  // Its workers are threads.
  deno: [/^\S*deno serve/, 1],
  // The same.
  watt: [/wattpm/, 1],
  node22: [/^\S*node server\.js/, 1],
  node24: [/^\S*node server\.js/, 1],
  node26: [/^\S*node server\.js/, 1],
};

const registry = new ProcessRegistry();
const { signal } = new AbortController();
const before = process.cwd();
let lines: Readonly<Record<string, string>> = {};
let missing = '';

beforeAll(async () => {
  await installDeployments();
  // A command runs in the working folder.
  process.chdir(DEPLOYMENTS);
  const found = await loadConfig(undefined);
  lines = found?.config.commands ?? {};
  missing = found?.printed ?? '';
}, INSTALL_LIMIT_MS);
afterAll(async () => {
  process.chdir(before);
  await registry.close();
});

const start = (name: string, line: string): Promise<RunningServer> =>
  startCommand(registry, { kind: 'command', name, line, ready: '/' }, signal);
const refusal = async (name: string, line: string): Promise<string> =>
  messageOf(
    await start(name, line).then(
      (server) => server.stop(),
      (error: unknown) => error,
    ),
  );
const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
/** Processes whose environment or command line has this text. */
const thatMention = (text: string): readonly string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        ['environ', 'cmdline'].some((file) => readFileSync(`/proc/${name}/${file}`, 'latin1').includes(text))
      );
    } catch {
      return false; // It has ended.
    }
  });

test('every command of the config is tested', () => {
  const left = missing.split('\n').flatMap((text) => /^[\w-]+(?=: not installed)/.exec(text) ?? []);
  expect([...Object.keys(lines), ...left].toSorted()).toEqual(Object.keys(SERVING).toSorted());
});

test.for(Object.entries(SERVING))('%s', async ([name, [pattern, count]], { skip }) => {
  const line = lines[name];
  if (line === undefined) return skip(new RegExp(`^${name}: .*$`, 'm').exec(missing)?.[0] ?? 'not in the config');
  const folders = readdirSync(tmpdir());
  const server = await start(name, line);
  const replies = Array.from({ length: 8 }, async () => (await fetch(new URL('/products', server.url))).json());
  for (const products of await Promise.all(replies)) expect(products).toHaveLength(20);
  const pids = (await server.read(signal)).processes.map(({ pid }) => pid);
  const serving = pids.map(commandOf).filter((text) => pattern.test(text));
  expect(serving.length, pids.map(commandOf).join('\n')).toBeGreaterThanOrEqual(count);
  await server.stop();
  expect(aliveAmong(pids)).toEqual([]);
  await expect(fetch(server.url)).rejects.toThrow();
  expect(readdirSync(tmpdir()).filter((one) => /^(?:nginx-|tmp\.)/.test(one) && !folders.includes(one))).toEqual([]);
});

test.for([
  ['pm2', (home: string) => `PM2_HOME=${home} node_modules/.bin/pm2 start server.js -i 2`],
  [
    'nginx',
    (home: string) =>
      `sed 's/:[A-Z]*;/:{port};/' nginx.conf > ${home}/nginx.conf && nginx -p ${home} -c nginx.conf -e stderr`,
  ],
] as const)(
  '%s in the background is refused with the form that is not, and ended',
  async ([name, lineIn], { skip }) => {
    if (lines[name] === undefined) return skip(missing);
    const home = temporaryFolder();
    expect(await refusal(name, lineIn(home))).toMatch(
      /^--command \w+: it ended and left .* in the background; give the form .*, such as pm2-runtime, or nginx -g 'daemon off;'$/,
    );
    expect(thatMention(home)).toEqual([]);
  },
);
