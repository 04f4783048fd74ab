/** What is recorded of a server whose faults are known. */
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Stream } from '../../../stats/arrivals.ts';
import type { Trace } from '../../../store/fault-schema.ts';
import { offered, openServer } from '../../fixtures/offering.ts';

const constant = (requestsPerSec: number): Stream => ({ kind: 'constant', requestsPerSec, index: 0, of: 1, seed: 1 });

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Every second number is a count. */
function total(sparse: readonly number[]): number {
  return sum(sparse.filter((_, i) => i % 2 === 1));
}

function lostIn({ lost }: Trace): Record<string, number> {
  return Object.fromEntries(lost.map(({ kind, status, bins }) => [status ?? kind, total(bins)]));
}

async function traced(url: URL, offer: Omit<Parameters<typeof offered>[1], 'traced'>) {
  const found = await offered(url, { ...offer, traced: true });
  if (found.trace === null) throw new Error('there is no trace');
  expect(found.faults).toEqual([]);
  return { ...found, trace: found.trace };
}

test('a server that is gone for a time costs the requests of that time, each of which was refused', async () => {
  const server = await openServer();
  let away = { fromMs: 0, toMs: 0 };
  const { trace, sentAs } = await traced(server.url, {
    stream: constant(400),
    windowMs: 1500,
    within: async () => {
      await setTimeout(400);
      away = await server.leave(500);
    },
  });
  const { refused = 0, reset = 0, ...others } = lostIn(trace);
  expect(others).toEqual({});
  // All that did not come to the server, and those that were under way when it went.
  const notArrived = sentAs.length - (await server.arrivals()).length;
  expect(Math.abs(refused + reset - notArrived)).toBeLessThanOrEqual(reset);
  const quarterMs = (away.toMs - away.fromMs) / 4;
  const midst = sentAs.filter(({ sentMs }) => sentMs > away.fromMs + quarterMs && sentMs < away.toMs - quarterMs);
  expect(refused).toBeGreaterThanOrEqual(midst.length);
  expect(total(trace.closedIdle) + reset).toBeGreaterThan(0);
  expect(total(trace.opened)).toBeGreaterThan(0);
});

test('a connection that is closed under every 50th request costs that one, and another takes its place', async () => {
  const server = await openServer();
  const { trace } = await traced(server.url, { stream: constant(400), path: '/dropped', windowMs: 1000 });
  const dropped = Math.floor(sum(trace.due) / 50);
  const lost = lostIn(trace);
  expect(Object.keys(lost)).toEqual(['reset']);
  expect(Math.abs((lost.reset ?? 0) - dropped)).toBeLessThanOrEqual(1);
  expect(total(trace.closedIdle)).toBe(0);
  expect(total(trace.opened)).toBeGreaterThanOrEqual(dropped - 1);
});

test('nothing that a server answers, or not, is a fault of the load', async () => {
  const server = await openServer();
  const none = { stream: constant(50), windowMs: 300, timeoutMs: 200 };
  const hung = await traced(server.url, { ...none, path: '/never' });
  expect(lostIn(hung.trace)).toEqual({ timeout: sum(hung.trace.due) });
  const refused = await traced(server.url, { ...none, path: '/refuse' });
  expect(lostIn(refused.trace)).toEqual({ 503: sum(refused.trace.due) });
  const other = { status: 200, body: Buffer.from('other').toString('base64'), lost: null };
  const wrong = await traced(server.url, { ...none, requests: [{ reply: other }] });
  expect(lostIn(wrong.trace)).toEqual({ 'wrong-reply': sum(wrong.trace.due) });
});
