import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { sojournTimes } from '../../../doctor/truths/queue.ts';
import { classMarks, type Stream } from '../../../stats/arrivals.ts';
import { dueBefore, offered, openServer, percentile } from '../../fixtures/offering.ts';
import { readMs } from '../../fixtures/sending.ts';

const constant = (requestsPerSec: number): Stream => ({ kind: 'constant', requestsPerSec, index: 0, of: 1, seed: 3 });
const poisson = (requestsPerSec: number): Stream => ({ ...constant(requestsPerSec), kind: 'poisson' });

describe('the schedule', () => {
  test.each([constant(150), poisson(150), { ...poisson(300), index: 1, of: 2 }])('%j is kept', async (stream) => {
    const server = await openServer();
    const { open, window, startMs, sentAs, faults, latencies } = await offered(server.url, {
      stream,
      leadInMs: 400,
      windowMs: 800,
    });
    expect(faults).toEqual([]);
    if (startMs === null) throw new Error('without a lead-in');
    // Every request that was due is sent, once, in order; none comes before it is due.
    const due = dueBefore(stream, window.endMs - startMs);
    expect(sentAs.length).toBeGreaterThanOrEqual(due.length);
    const planned = dueBefore(stream, 60_000).slice(0, sentAs.length);
    for (const [i, { dueMs, sentMs }] of sentAs.entries()) {
      expect(dueMs - startMs).toBeCloseTo(planned[i] ?? Number.NaN, 4);
      expect(sentMs).toBeGreaterThanOrEqual(dueMs);
    }
    const arrived = await server.arrivals();
    expect(arrived).toHaveLength(sentAs.length);
    for (const [i, { dueMs }] of sentAs.entries()) expect(arrived[i]).toBeGreaterThanOrEqual(dueMs);
    // Those that were due within the window are those that count, whenever they were answered.
    const inWindow = due.filter((ms) => ms >= open.windowOffsetMs);
    expect({ due: open.due, counted: latencies.count }).toEqual({ due: inWindow.length, counted: inWindow.length });
    expect(readMs(open.sendDelayHistogram).count).toBe(open.due);
    expect(readMs(open.serviceHistogram).at(50)).toBeLessThanOrEqual(latencies.at(50));
  });

  test('classes are those of the seed, and are recorded apart', async () => {
    const server = await openServer();
    const stream = poisson(200);
    const weights = [9, 1];
    const requests = weights.map((weight, i) => ({ name: ['light', 'heavy'][i] ?? '', weight }));
    const { open, latencies, sentAs } = await offered(server.url, { stream, requests, windowMs: 1000 });
    const mark = classMarks(weights, stream);
    expect(sentAs.map(({ index }) => index)).toEqual(sentAs.map(() => mark()));
    expect(open.classes.map(({ name }) => name)).toEqual(['light', 'heavy']);
    expect(open.classes.map(({ due }) => due)).toEqual(
      [0, 1].map((index) => sentAs.slice(0, open.due).filter((one) => one.index === index).length),
    );
    const counts = open.classes.map(({ latencyHistogram }) => readMs(latencyHistogram).count);
    expect(counts.reduce((sum, count) => sum + count)).toBe(latencies.count);
  });
});

test('a server that stands still is seen by everyone who comes meanwhile, each from when it came', async () => {
  const server = await openServer();
  let stalled = { fromMs: 0, toMs: 0 };
  const { latencies, open, sentAs, window } = await offered(server.url, {
    stream: constant(200),
    windowMs: 1500,
    within: async () => {
      await setTimeout(500);
      stalled = await server.stall(500);
    },
  });
  const due = sentAs.map(({ dueMs }) => dueMs).filter((dueMs) => dueMs < window.endMs);
  const least = due.map((dueMs) => (dueMs >= stalled.fromMs && dueMs < stalled.toMs ? stalled.toMs - dueMs : 0));
  expect(open.due).toBe(due.length);
  // A third of them. Whoever waits for replies before sending sees one request in a thousand, and a p99 of nothing.
  for (const percent of [75, 90, 99]) {
    expect(percentile(least, percent)).toBeGreaterThan(50);
    expect(latencies.at(percent)).toBeGreaterThan(0.98 * percentile(least, percent));
    expect(latencies.at(percent)).toBeLessThan(percentile(least, percent) + 500);
  }
  expect(latencies.at(50)).toBeLessThan(percentile(least, 75));
  // It was sent all the same: the requests, unlike the replies, were not late.
  expect(readMs(open.sendDelayHistogram).at(50)).toBeLessThan(percentile(least, 75));
  expect(open.connections.most).toBeGreaterThan(50);
});

test('a request that finds no connection waits for one, and its latency counts from its due time', async () => {
  const server = await openServer();
  const stream = constant(40);
  const { open, latencies, sentAs } = await offered(server.url, {
    stream,
    path: '/50',
    mostConnections: 1,
    windowMs: 1100,
  });
  // A queue with one server: 50 ms each, and one every 25 ms. A timer may come a millisecond early.
  const sojourns = sojournTimes(
    sentAs.slice(0, open.due).map(({ dueMs }) => dueMs),
    49,
  );
  for (const percent of [50, 90, 99])
    expect(latencies.at(percent)).toBeGreaterThan(0.99 * percentile(sojourns, percent));
  expect(open.connections).toEqual({ most: 1, waited: open.due - 1 });
  const service = readMs(open.serviceHistogram);
  expect(service.at(1)).toBeGreaterThan(48);
  expect(service.at(90)).toBeLessThan(latencies.at(50));
  // How late the generator was is none of the server's doing.
  expect(readMs(open.sendDelayHistogram).at(90)).toBeLessThan(latencies.at(50));
  // Half of them, which the window did not see answered.
  expect(open.backlog.start).toBe(0);
  expect(open.backlog.end).toBeGreaterThan(0.3 * open.due);
  expect({ unfinished: open.unfinished, counted: latencies.count }).toEqual({ unfinished: 0, counted: open.due });
});

test.each([50, 1])('without a reply within the limit, on %i connections', async (mostConnections) => {
  const server = await openServer();
  const { open, latencies, faults } = await offered(server.url, {
    stream: constant(50),
    path: '/never',
    mostConnections,
    timeoutMs: 300,
    windowMs: 600,
  });
  expect(faults).toEqual([]);
  expect(open.due).toBeGreaterThan(10);
  expect({ unfinished: open.unfinished, counted: latencies.count }).toEqual({
    unfinished: open.due,
    counted: open.due,
  });
  expect(open.classes).toMatchObject([{ due: open.due, unfinished: open.due }]);
  for (const percent of [0, 50, 100]) expect(latencies.at(percent) / 300).toBeCloseTo(1, 2);
  const arrived = await server.arrivals();
  if (mostConnections === 1) expect(arrived.length).toBeLessThan(open.due);
  else expect(arrived.length).toBeGreaterThanOrEqual(open.due);
});

test.each([false, true])('a wrong reply is a fault, whether errors are counted or not (%s)', async (countErrors) => {
  const server = await openServer();
  const requests = [{ reply: { status: 200, body: Buffer.from('another').toString('base64'), lost: null } }];
  const { open, faults } = await offered(server.url, { stream: constant(50), requests, countErrors, windowMs: 300 });
  expect(faults.length).toBeGreaterThanOrEqual(open.due);
  expect(faults[0]).toMatchObject({ kind: 'wrong-reply' });
  expect(open.errors).toBe(0);
});

test('an error of an overloaded server is a fault, or counted where that is wanted', async () => {
  const server = await openServer();
  const offer = { stream: constant(50), path: '/refuse', windowMs: 300 };
  const strict = await offered(server.url, offer);
  expect(strict.faults[0]).toEqual({ kind: 'status', message: 'a reply with status 503 under load: right' });
  const counting = await offered(server.url, { ...offer, countErrors: true });
  expect(counting.faults).toEqual([]);
  const { due, errors, unfinished } = counting.open;
  expect(due).toBeGreaterThan(5);
  // They are not in the tail: how long it takes to be refused is not what anybody waits for.
  expect({ errors, unfinished, counted: counting.latencies.count }).toEqual({ errors: due, unfinished: 0, counted: 0 });
});
