/** How long the phases of a trial took, on a clock that nobody can move; and whether somebody moved the other one. */
import type { Trial } from '../../store/schema.ts';

export interface Stopwatch {
  endPhase(phase: keyof Trial['phasesMs']): void;
  stop(): Pick<Trial, 'startedAt' | 'clockStepMs' | 'phasesMs'>;
}

export function startStopwatch(): Stopwatch {
  const startedAt = new Date().toISOString();
  const offsetMs = clockOffsetMs();
  const phasesMs: Trial['phasesMs'] = {};
  const ended: Record<string, number> = phasesMs;
  let phaseStart = performance.now();
  return {
    endPhase(phase) {
      const now = performance.now();
      ended[phase] = now - phaseStart;
      phaseStart = now;
    },
    stop: () => ({ startedAt, clockStepMs: Math.round(clockOffsetMs() - offsetMs), phasesMs }),
  };
}

/** How far the system clock is ahead of the monotonic one. It stays the same but for corrections. */
function clockOffsetMs(): number {
  return Date.now() - performance.now();
}
