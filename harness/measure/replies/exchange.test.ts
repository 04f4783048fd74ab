import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exchange } from './exchange.ts';
import { plainGet } from '../requests/on-wire.ts';

test('many requests end with one signal, and Node.js warns of none', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const warned = vi.fn();
  process.on('warning', warned);
  onTestFinished(() => {
    process.off('warning', warned);
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  const controller = new AbortController();
  const asked = Array.from({ length: 20 }, () =>
    exchange(`http://127.0.0.1:${port}/`, plainGet('/'), controller.signal),
  );
  await setImmediate();
  controller.abort(new Error('stopped'));
  const ended = await Promise.allSettled(asked);
  expect(ended).toEqual(asked.map(() => ({ status: 'rejected', reason: new Error('stopped') })));
  expect(warned).not.toHaveBeenCalled();
});
