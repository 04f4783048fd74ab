import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { serverOf } from './exported.ts';
import { inject } from './inject.ts';
import { loadApp, portOf } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'fourways-app-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** Address of a new file with this text. */
function file(text: string, extension = 'mjs'): string {
  const path = join(folder, `app-${files++}.${extension}`);
  writeFileSync(path, text);
  return pathToFileURL(path).href;
}

function reply(server: Server): Promise<string> {
  return new Promise((resolve) => {
    inject(server, 'GET', '/', [], Buffer.alloc(0), (_status, _headers, body) => resolve(Buffer.from(body).toString()));
  });
}

const listener: RequestListener = (_, response) => void response.end('served');
const koa = { callback: () => listener };
const fastify = () => ({ ready: async () => {}, server: createServer(listener) });
const nest = { init: async () => {}, getHttpServer: () => createServer(listener) };
const express = Object.assign((...args: Parameters<RequestListener>) => listener(...args), {
  handle: () => {},
  set: () => {},
});

test.each<[string, unknown]>([
  ['a listener', listener],
  ['an http.Server', createServer(listener)],
  ['what Express makes', Object.assign((a: never, b: never, _next: never) => express(a, b), {})],
  ['what Koa makes', koa],
  ['what Fastify makes', fastify()],
  ['what Nest makes', nest],
  ['an object with fetch', { fetch: () => new Response('served') }],
  ['a promise', Promise.resolve(koa)],
  ['a factory', async () => listener],
  ['what wraps a listener', (...args: Parameters<RequestListener>) => listener(...args)],
  ['a factory that takes anything', (..._args: readonly unknown[]) => koa],
  ['a module with a default export', { default: koa }],
  ['a module with an app', { something: 1, app: fastify() }],
])('%s is served', async (_, exported) => {
  const server = await serverOf(exported);
  expect(server).toBeInstanceOf(Server);
  if (server !== null) expect(await reply(server)).toBe('served');
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['a class', class App {}],
  ['an object of something else', { port: 3000 }],
  [
    'factories without an end',
    (() => {
      const f = (): unknown => f;
      return f;
    })(),
  ],
])('%s is not', async (_, exported) => {
  expect(await serverOf(exported)).toBeNull();
});

const LISTENS = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end('served'));`;

const COMMON_JS = `const server = require('node:http').createServer((q, s) => s.end('served'));`;

test('a server listens where it is told, and its file does not notice', async () => {
  const server = await loadApp(
    file(`${LISTENS} server.listen(80, '0.0.0.0', () => { server.heard = server.address(); });`),
    {
      ...{ kind: 'port', port: 0 },
    },
  );
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  expect(server.address()).toMatchObject({ address: '127.0.0.1' });
  expect(portOf(server)).toBeGreaterThan(1023);
  expect(await (await fetch(`http://127.0.0.1:${portOf(server)}/`)).text()).toBe('served');
  server.close();
});

test('a server that is to be nowhere is told that it listens, at the port that it wanted', async () => {
  const text = `${LISTENS} server.listen({ port: 8080 }, () => { server.heard = [server.address().port, server.listening]; });`;
  const server = await loadApp(file(text), { kind: 'nowhere' });
  await new Promise(process.nextTick);
  expect(Reflect.get(server, 'heard')).toEqual([8080, true]);
  expect(await reply(server)).toBe('served');
});

test.each([
  [
    'CommonJS',
    `const { createServer } = require('node:http');\ncreateServer((q, s) => s.end('served')).listen(80);`,
    'cjs',
  ],
  ['CommonJS, as the main module', `${COMMON_JS} if (require.main === module) server.listen(80);`, 'cjs'],
  ['on a path', `${LISTENS} server.listen('/nowhere/app.sock');`, 'mjs'],
  ['and takes upgrades to WebSocket', `${LISTENS} server.on('upgrade', () => {}).listen(80);`, 'mjs'],
  ['later', `${LISTENS} setTimeout(() => server.listen(80), 50);`, 'mjs'],
  ['after an await', `${LISTENS} await new Promise((done) => setTimeout(done, 20)); server.listen(80);`, 'mjs'],
  ['not at all, but exports an app', `export default (request, response) => response.end('served');`, 'mjs'],
])('a file that listens: %s', async (_, text, extension) => {
  expect(await reply(await loadApp(file(text, extension), { kind: 'nowhere' }))).toBe('served');
});

test('another server of the file is left alone, and so is every one after it was loaded', async () => {
  const text = `${LISTENS} server.listen(80);
    import { createServer as createOther } from 'node:net';
    server.other = createOther().listen(0, '127.0.0.1');`;
  const server = await loadApp(file(text), { kind: 'nowhere' });
  const other: unknown = Reflect.get(server, 'other');
  expect(other).toMatchObject({ listening: true });
  if (typeof other === 'object' && other !== null && 'close' in other && typeof other.close === 'function')
    other.close();
  const own = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => own.once('listening', resolve));
  expect(portOf(own)).toBeGreaterThan(0);
  own.close();
});

test('what the file throws while it loads is thrown', async () => {
  await expect(loadApp(file(`throw new Error('DATABASE_URL is not set');`), { kind: 'nowhere' })).rejects.toThrow(
    'DATABASE_URL is not set',
  );
});

test.each([
  [
    'comes to its end',
    '',
    /^it has come to its end without calling listen\(\) and exports nothing that can serve; export/,
  ],
  [
    'listens twice',
    `${LISTENS} server.listen(80); server.listen(81);`,
    /^Listen method has been called more than once/,
  ],
  [
    'starts workers of its own',
    `import cluster from 'node:cluster'; cluster.fork();`,
    /^it starts workers of its own with node:cluster; give the file that those run/,
  ],
  [
    'listens with HTTPS alone',
    `import { createServer } from 'node:https';
     const server = createServer({}, () => {}).listen(0, '127.0.0.1'); setTimeout(() => server.close(), 2500);`,
    /^it listens with HTTPS or HTTP\/2 only, which is not measured; have it listen without TLS/,
  ],
])('a file that %s is refused with what to do about it', async (_, text, message) => {
  await expect(loadApp(file(text), { kind: 'nowhere' })).rejects.toThrow(message);
});
