import { expect, test } from 'vitest';
import { TraceRecorder } from '../generator/senders/trace-recorder.ts';
import type { Loss } from '../../store/fault-schema.ts';
import { objectionTo } from './before.ts';

const FAULT_MS = 2000;

/** Good replies after so many milliseconds, but for one. */
function traceWith(lostMs: number | null, loss: Loss = { kind: 'reset', status: null }, latencyMs = 2) {
  const recorder = new TraceRecorder();
  for (let dueMs = 0; dueMs < 3000; dueMs += 5) recorder.good(dueMs, dueMs + latencyMs);
  if (lostMs !== null) recorder.lost(lostMs, loss);
  return recorder.trace(0, 3000);
}

test('nothing is lost before', () => {
  expect(objectionTo(traceWith(null), FAULT_MS, 1)).toBeNull();
});

test.each([2000, 2500, 1950])('what was due at %i ms is lost to a fault at 2,000 ms', (lostMs) => {
  expect(objectionTo(traceWith(lostMs), FAULT_MS, 1)).toBeNull();
});

test('where requests take long, so is what was due long before', () => {
  expect(objectionTo(traceWith(1300, undefined, 400), FAULT_MS, 1)).toBeNull();
});

test.each<[Loss, string, string]>([
  [{ kind: 'reset', status: null }, 'connection-closed', 'the connection was closed'],
  [{ kind: 'refused', status: null }, 'connection-error', 'the connection was refused'],
  [{ kind: 'status', status: 503 }, 'status', 'status 503'],
  [{ kind: 'timeout', status: null }, 'timeout', 'no reply in time'],
  [{ kind: 'wrong-reply', status: null }, 'wrong-reply', 'a wrong reply'],
])('what was lost long before is no matter of the fault (%o)', (loss, kind, words) => {
  const objection = objectionTo(traceWith(1000, loss), FAULT_MS, 1);
  expect(objection?.kind).toBe(kind);
  expect(objection?.message).toContain(`a request was lost before the first fault (${words})`);
});

test('a generator that is late cannot tell', () => {
  expect(objectionTo(traceWith(null), FAULT_MS, 21)?.kind).toBe('disturbed');
});
