import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startStopwatch } from './stopwatch.ts';

const NOON = Date.parse('2026-01-15T12:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('phases', () => {
  test('take what passed since the one before', () => {
    const { endPhase, stop } = startStopwatch();
    vi.advanceTimersByTime(50);
    endPhase('spawn');
    vi.advanceTimersByTime(7);
    endPhase('verify');
    vi.advanceTimersByTime(1000);
    expect(stop()).toEqual({
      startedAt: '2026-01-15T12:00:00.000Z',
      clockStepMs: 0,
      phasesMs: { spawn: 50, verify: 7 },
    });
  });

  test('that were not reached are absent', () => {
    expect(startStopwatch().stop().phasesMs).toEqual({});
  });
});

describe('a system clock that is moved', () => {
  test.each([3_600_000, -3_600_000, 40])('by %d ms is noticed, and changes no time that was measured', (step) => {
    const { endPhase, stop } = startStopwatch();
    vi.advanceTimersByTime(10);
    vi.setSystemTime(Date.now() + step);
    vi.advanceTimersByTime(20);
    endPhase('spawn');
    expect(stop()).toEqual({
      startedAt: '2026-01-15T12:00:00.000Z',
      clockStepMs: step,
      phasesMs: { spawn: 30 },
    });
  });
});
