import { expect, test } from 'vitest';
import { FailedTrial } from '../failed-trial.ts';
import { barrierFor } from './barrier.ts';

/** Resolves when all pending reactions have run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('neither goes on before both have called, each time anew', async () => {
  const [a, b] = barrierFor(['base', 'head']);
  const noted: string[] = [];
  void a.wait().then(() => noted.push('a begins'));
  await settled();
  expect(noted).toEqual([]);
  void b.wait().then(() => noted.push('b begins'));
  await settled();
  expect(noted).toEqual(['a begins', 'b begins']);
  void b.wait().then(() => noted.push('b ends'));
  await settled();
  expect(noted).toHaveLength(2);
  await a.wait();
  await settled();
  expect(noted).toEqual(['a begins', 'b begins', 'b ends']);
});

test.each(['before', 'after'])('abandoning it %s the other waits rejects the wait with the reason', async (when) => {
  const [a, b] = barrierFor(['base', 'head']);
  if (when === 'before') b.abandon('the server ended');
  const waiting = a.wait();
  if (when === 'after') b.abandon('the server ended');
  const error = await waiting.catch((reason: unknown) => reason);
  if (!(error instanceof FailedTrial)) throw new Error('the wait was over');
  expect(error.reason).toEqual({
    kind: 'other-side',
    message: 'head failed at the same time, and one window without the other cannot be compared: the server ended',
  });
});

test('abandoning it after the last wait has no effect', async () => {
  const [a, b] = barrierFor(['base', 'head']);
  await Promise.all([a.wait(), b.wait()]);
  a.abandon('done');
});
