import { expect, test } from 'vitest';
import { plannedRequest, readMs } from '../../fixtures/sending.ts';
import { prepare } from './connections.ts';
import { OpenRecorder } from './open-recorder.ts';

const classes = ['light', 'heavy'].map((name, index) => prepare(plannedRequest({ name }), index));
const TIMEOUT_MS = 1000;
const RESET = { kind: 'reset', status: null } as const;

function requestOf(dueMs: number, sentMs: number | null = dueMs, index = 0) {
  const prepared = classes[index];
  if (prepared === undefined) throw new Error(`there is no class ${index}`);
  return { dueMs, sentMs, prepared };
}

/** A window from 100 to 200. */
function recording() {
  const recorder = new OpenRecorder(classes, TIMEOUT_MS);
  const window = { startMs: 100, endMs: Number.POSITIVE_INFINITY };
  recorder.inWindow(window, 3);
  return {
    recorder,
    end: () => {
      window.endMs = 200;
      recorder.inWindow(window, 5);
    },
  };
}

test('a request counts when it was due within the window, whenever it ends', () => {
  const { recorder, end } = recording();
  const all = [99.9, 100, 150, 199.9, 200].map((dueMs) => requestOf(dueMs));
  for (const one of all.slice(0, 3)) recorder.due(one, 0.1, false);
  end();
  for (const one of all.slice(3)) recorder.due(one, 0.1, false);
  for (const one of all) recorder.good(one, 900);
  const { open, latencyHistogram } = recorder.record(40);
  const latencies = readMs(latencyHistogram);
  expect({ due: open.due, counted: latencies.count }).toEqual({ due: 3, counted: 3 });
  expect([0, 100].map((percent) => Math.round(latencies.at(percent)))).toEqual([700, 800]);
  expect(open).toMatchObject({ windowOffsetMs: 60, backlog: { start: 3, end: 5 }, unfinished: 0, errors: 0 });
});

test('without a window nothing counts', () => {
  const recorder = new OpenRecorder(classes, TIMEOUT_MS);
  recorder.due(requestOf(1), 0, true);
  recorder.busy(7);
  recorder.good(requestOf(1), 2);
  expect(recorder.record(0).open).toMatchObject({ due: 0, connections: { most: 0, waited: 0 } });
  expect(recorder.endMs).toBe(Number.NEGATIVE_INFINITY);
});

test('latency is from the due time, service from when it was sent, and the two are apart by class', () => {
  const { recorder } = recording();
  recorder.due(requestOf(110), 2, false);
  recorder.good(requestOf(110, 130), 160);
  recorder.due(requestOf(120, null, 1), 4, true);
  recorder.good(requestOf(120, 125, 1), 320);
  const { open, latencyHistogram } = recorder.record(0);
  const both = (histogram: string): number[] => [0, 100].map((percent) => Math.round(readMs(histogram).at(percent)));
  expect(both(latencyHistogram)).toEqual([50, 200]);
  expect(both(open.serviceHistogram)).toEqual([30, 195]);
  expect(both(open.sendDelayHistogram)).toEqual([2, 4]);
  expect(open.classes.map(({ name, due, latencyHistogram: own }) => [name, due, ...both(own)])).toEqual([
    ['light', 1, 50, 50],
    ['heavy', 1, 200, 200],
  ]);
  expect(open.connections.waited).toBe(1);
});

test('one without a reply is in the tail as the limit; its service is what was left of that when it was sent', () => {
  const { recorder } = recording();
  for (const request of [requestOf(110, 410), requestOf(120, null)]) {
    recorder.due(request, 0, request.sentMs === null);
    recorder.unfinished(request);
  }
  recorder.unfinished(requestOf(99));
  const { open, latencyHistogram } = recorder.record(0);
  expect({ unfinished: open.unfinished, counted: readMs(latencyHistogram).count }).toEqual({
    unfinished: 2,
    counted: 2,
  });
  expect([0, 100].map((percent) => Math.round(readMs(latencyHistogram).at(percent)))).toEqual([1000, 1000]);
  const service = readMs(open.serviceHistogram);
  expect([service.count, Math.round(service.at(100)), Math.round(service.at(0))]).toEqual([2, 700, 0]);
  expect(open.classes[0]).toMatchObject({ due: 2, unfinished: 2 });
});

test('one that failed is counted, and in no histogram', () => {
  const { recorder } = recording();
  recorder.due(requestOf(110), 0, false);
  recorder.failed(requestOf(110), RESET);
  recorder.failed(requestOf(99), RESET);
  const { open, latencyHistogram } = recorder.record(0);
  expect({ errors: open.errors, counted: readMs(latencyHistogram).count }).toEqual({ errors: 1, counted: 0 });
});

test('the most connections are those of the window', () => {
  const recorder = new OpenRecorder(classes, TIMEOUT_MS);
  recorder.busy(90);
  recorder.inWindow({ startMs: 100, endMs: Number.POSITIVE_INFINITY }, 0);
  for (const count of [3, 8, 5]) recorder.busy(count);
  expect(recorder.record(0).open.connections.most).toBe(8);
});
