import type { Trial } from '../../store/schema.ts';

/** Times the phases of a trial on the monotonic clock, and notices when the system clock was set. */
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

/** How far the system clock is ahead of the monotonic one: constant, unless the system clock is set. */
function clockOffsetMs(): number {
  return Date.now() - performance.now();
}
