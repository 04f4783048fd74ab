import { expect, test } from 'vitest';
import type { ServerContext } from '../model.ts';
import { loadHandler, withShared } from './handler.ts';

const context = (shared: number, shares: boolean): ServerContext => ({
  scenarioUrl: new URL('../../scenarios/state/cache.ts', import.meta.url).href,
  handlerContext: { parameters: { entries: 1000, shared }, iterations: 1, addresses: {} },
  ...{ workers: 1, port: 0, onFront: [], shares },
});

/** The body of a reply. */
async function reply(made: ServerContext): Promise<unknown> {
  const { handle } = await loadHandler(made);
  return new Promise((resolve) =>
    handle('GET', '/', '', new Uint8Array(0), (_status, _headers, body) => resolve(body)),
  );
}

test('all that are loaded with what a process shares use the same memory', async () => {
  const made = await withShared(context(1, true));
  const found = '{"found":200}';
  expect([await reply(made), await reply(made)]).toEqual([found, found]);
  if (made.shared) new Uint32Array(made.shared).fill(0);
  expect(await reply(made)).toBe('{"found":0}');
  // The first twenty are those that the one before has put back.
  expect(await reply(made)).toBe('{"found":20}');
});

test('without it each has its own, and replies the same', async () => {
  for (const one of [context(1, true), context(0, true)]) expect(await reply(one)).toBe('{"found":200}');
  expect((await withShared(context(0, true))).shared).toBeNull();
  // Not even loaded where the scenario shares nothing.
  expect(await withShared(context(1, false))).toEqual(context(1, false));
});
