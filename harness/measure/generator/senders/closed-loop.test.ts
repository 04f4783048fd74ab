import { describe, expect, test } from 'vitest';
import { plannedRequest } from '../../fixtures/sending.ts';
import { closedLoop } from './closed-loop.ts';
import { type Connections, type Outcome, type Prepared, prepare, type Sender } from './connections.ts';
import { GOOD } from './reply-check.ts';

interface UnderWay {
  readonly prepared: Prepared;
  readonly sender: Sender;
}

/** Connections on which a reply comes when the test says so. */
function byHand() {
  const underWay: UnderWay[] = [];
  const sent: string[] = [];
  const connections: Connections = {
    open: async () => {},
    hasFree: () => true,
    isFull: () => false,
    onFree: () => {},
    busy: () => underWay.length,
    close: () => {},
    send(prepared, sender) {
      sent.push(prepared.request.name);
      underWay.push({ prepared, sender });
      return { abandon: () => {} };
    },
  };
  const reply = (outcome: Outcome = GOOD): void => underWay.shift()?.sender.settled(outcome);
  return { connections, underWay, sent, reply };
}

const [light, heavy] = ['light', 'heavy'].map((name, i) => prepare(plannedRequest({ name }), i)) as [
  Prepared,
  Prepared,
];
/** Three light ones, then a heavy one. */
const cycle = [light, light, light, heavy];
const bad: Outcome = {
  kind: 'bad',
  reason: { kind: 'status', message: 'status 503' },
  loss: { kind: 'status', status: 503 },
};

function looping(requests: number, timeoutMs = 10_000) {
  const hand = byHand();
  const outcomes: Outcome[] = [];
  let at = 0;
  const next = (): Prepared => cycle[at++ % cycle.length] ?? light;
  const loop = closedLoop(hand.connections, next, { requests, timeoutMs }, (outcome) => outcomes.push(outcome));
  return { ...hand, loop, outcomes };
}

test('nothing is sent before go; from then on the number under way stays the same', () => {
  const { loop, underWay, reply, outcomes } = looping(5);
  expect(underWay).toHaveLength(0);
  loop.go();
  for (let i = 0; i < 40; i++) {
    expect(underWay).toHaveLength(5);
    reply(i % 7 === 0 ? bad : GOOD);
  }
  expect(outcomes).toHaveLength(40);
  expect(outcomes.filter((outcome) => outcome === bad)).toHaveLength(6);
});

test.each([1, 2, 3, 8])('whichever of %i comes free sends the next of the one order', (requests) => {
  const { loop, sent, underWay } = looping(requests);
  loop.go();
  // Always the one that was sent last: the others wait for ever, and the order is kept all the same.
  while (sent.length < 40 * cycle.length) underWay.pop()?.sender.settled(GOOD);
  expect(sent).toEqual(Array.from(sent, (_, i) => cycle[i % cycle.length]?.request.name));
});

test('once closed it sends nothing, and hears of nothing', () => {
  const { loop, sent, reply, outcomes } = looping(3);
  loop.go();
  reply();
  loop.close();
  reply(bad);
  reply();
  expect({ sent: sent.length, outcomes: outcomes.length }).toEqual({ sent: 4, outcomes: 1 });
});

describe('drain', () => {
  test('sends nothing more, and waits for every reply, good or bad', async () => {
    const { loop, sent, underWay, reply } = looping(3);
    loop.go();
    reply();
    let drained = false;
    const draining = loop.drain().then(() => {
      drained = true;
    });
    for (const [left, outcome] of [GOOD, bad, GOOD].entries()) {
      await Promise.resolve();
      expect({ drained, left: underWay.length }).toEqual({ drained: false, left: 3 - left });
      reply(outcome);
    }
    await draining;
    expect(sent).toHaveLength(4);
  });

  test('with nothing under way it is done at once', async () => {
    await looping(3).loop.drain();
  });
});

test('a reply that never comes is a fault, and does not just take one request out of the load', async () => {
  const { loop, outcomes } = looping(2, 50);
  loop.go();
  await expect.poll(() => outcomes.length, { timeout: 5000 }).toBeGreaterThan(0);
  expect(outcomes[0]).toMatchObject({ kind: 'bad', loss: { kind: 'timeout' }, reason: { kind: 'timeout' } });
});
