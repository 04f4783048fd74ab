/** A front that answers some requests itself, on a real HTTP server. */
import { expect, onTestFinished, test } from 'vitest';
import { httpServer, respond } from '../http/server.ts';
import type { ServerContext } from '../model.ts';
import { frontRoutes, startFrontHandler } from './front-handler.ts';

const context = (onFront: ServerContext['onFront'], file = 'mixed'): ServerContext => ({
  scenarioUrl: new URL(`../../scenarios/${file}.ts`, import.meta.url).href,
  handlerContext: { parameters: {}, iterations: 1, addresses: {} },
  workers: 1,
  port: 0,
  onFront,
});

/** Starts a front in front of no workers: what would be handed to one is answered with `handed over`. */
async function front(onFront: ServerContext['onFront'], file?: string) {
  const handler = await startFrontHandler(context(onFront, file), (_request, _body, response) =>
    respond(response, 200, [], 'handed over'),
  );
  const server = httpServer(handler.onRequest);
  const port = await server.listen(0);
  onTestFinished(() => server.close());
  const ask = async (path: string, method = 'GET'): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method })).text();
  return { ask, usage: () => handler.usage() };
}

test('routes are the classes that are marked', () => {
  const about = { weight: 1, method: 'GET' } as const;
  const classes = [
    { ...about, name: 'yes', path: '/yes?a=1', onFront: true },
    { ...about, name: 'no', path: '/no', onFront: false },
    { ...about, name: 'unsaid', path: '/unsaid' },
  ];
  expect(frontRoutes(classes)).toEqual([{ method: 'GET', url: '/yes?a=1' }]);
});

test('only exactly what was named is answered on the front, and only that is counted', async () => {
  const { ask, usage } = await front([
    { method: 'GET', url: '/light' },
    { method: 'POST', url: '/light?a=1' },
    { method: 'PUT', url: '/light?a=1' },
  ]);
  expect(await ask('/light')).toBe('{"light":true}');
  expect(await ask('/light?a=1', 'POST')).toBe('{"light":true}');
  expect(await ask('/light?a=1', 'PUT')).toBe('{"light":true}');
  expect(usage()).toEqual({ requests: 3, waitingMs: 0 });
  for (const [path, method] of [
    ['/light', 'POST'],
    ['/light?a=1', 'GET'],
    ['/light/', 'GET'],
    ['/heavy', 'GET'],
  ] as const) {
    expect(await ask(path, method)).toBe('handed over');
  }
  expect(usage().requests).toBe(3);
});

test('with nothing to answer everything is handed over, and the scenario is not loaded', async () => {
  const { ask, usage } = await front([], 'there-is-no-such-scenario');
  expect(await ask('/light')).toBe('handed over');
  expect(usage()).toEqual({ requests: 0, waitingMs: 0 });
});

test('a front that cannot load the scenario does not start', async () => {
  await expect(front([{ method: 'GET', url: '/light' }], 'there-is-no-such-scenario')).rejects.toThrow();
});
