import { expect, test } from 'vitest';
import { FailedTrial } from '../failed-trial.ts';
import { meetingOf } from './meeting.ts';

/** What has been noted by the time that nothing moves any more. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('nobody goes on before both have come, each time anew', async () => {
  const [a, b] = meetingOf(['base', 'head']);
  const noted: string[] = [];
  void a.meet().then(() => noted.push('a begins'));
  await settled();
  expect(noted).toEqual([]);
  void b.meet().then(() => noted.push('b begins'));
  await settled();
  expect(noted).toEqual(['a begins', 'b begins']);
  void b.meet().then(() => noted.push('b ends'));
  await settled();
  expect(noted).toHaveLength(2);
  await a.meet();
  await settled();
  expect(noted).toEqual(['a begins', 'b begins', 'b ends']);
});

test.each(['before', 'after'])('one that leaves %s the other waits sends it away with the reason', async (when) => {
  const [a, b] = meetingOf(['base', 'head']);
  if (when === 'before') b.leave('the server ended');
  const meeting = a.meet();
  if (when === 'after') b.leave('the server ended');
  const error = await meeting.catch((reason: unknown) => reason);
  if (!(error instanceof FailedTrial)) throw new Error('the meeting took place');
  expect(error.reason).toEqual({
    kind: 'other-side',
    message: 'head failed at the same time, and a window alone is not comparable: the server ended',
  });
});

test('one that leaves after the last meeting disturbs nobody', async () => {
  const [a, b] = meetingOf(['base', 'head']);
  await Promise.all([a.meet(), b.meet()]);
  a.leave('done');
});
