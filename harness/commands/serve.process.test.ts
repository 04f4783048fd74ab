/** What a server that is served says reaches whoever serves it, and cannot be taken for what we say. */
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CliProcess, startCli } from '../fixtures/cli-process.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { until } from '../measure/fixtures/processes.ts';

const SCENARIO = `
console.log('loading in %d', process.pid);
export default {
  summary: '', parameters: {},
  requests: () => [{ name: 'one', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => ({ path }) => {
    if (path === '/log') console.log('asked \\u001b[31mfor a log');
    if (path === '/throw') throw new TypeError('on purpose');
    if (path === '/crash') setImmediate(() => { throw new RangeError('and not caught'); });
    return { status: 200, headers: {}, body: 'ok' };
  },
  verify: () => undefined,
};`;

async function serving(model: string): Promise<{ server: CliProcess; ask: (path: string) => void }> {
  const file = join(temporaryFolder(), 'own.mjs');
  writeFileSync(file, SCENARIO);
  const server = startCli(['serve', model, file, '-w', '1']);
  await until('a server', 30_000, () => server.out().includes('stop     Ctrl-C'));
  const url = /http:\/\/\S+?(?=\/\n)/.exec(server.out())?.[0] ?? '';
  const ask = (path: string): void => void get(url + path, (reply) => reply.resume()).on('error', () => {});
  return { server, ask };
}

test.each(['single', 'worker-threads'])('%s', async (model) => {
  const { server, ask } = await serving(model);
  await until('what it printed while it started', 10_000, () => /loading in \d+/.test(server.err()));
  ask('/log');
  await until('what it printed for a request', 10_000, () => server.err().includes('for a log\n'));
  expect(server.err()).not.toContain('\u001b');
  ask('/throw');
  await until('the error of a handler', 10_000, () => server.err().includes('TypeError: on purpose'));
  expect(server.out()).not.toMatch(/loading|asked/);
});

test('when it ends by itself it says why', async () => {
  const { server, ask } = await serving('single');
  ask('/crash');
  const { code, err } = await server.ended;
  expect(code).toBe(2);
  expect(err.split('\n').at(-2)).toBe(
    'fourways: the single server ended by itself (exit code 1: RangeError: and not caught); start it again',
  );
});
