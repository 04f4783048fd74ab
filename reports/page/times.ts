/** Where the time of a run went, in plain words. */
import type { Phase, Times, TrialTimes } from '../../harness/judge/traces.ts';
import { figure, milliseconds } from '../figures.ts';
import type { Fact } from '../runs.ts';

const MS_PER_SEC = 1000;
const MS_PER_MIN = 60 * MS_PER_SEC;
const MS_PER_HOUR = 60 * MS_PER_MIN;

const DURING: Readonly<Record<Phase, string>> = {
  spawn: 'until the server answered',
  verify: 'checking its replies',
  connect: 'connecting',
  warmUp: 'warming up',
  leadIn: 'with the rate before the window',
  // Throughput has to be steady before the window begins, and the last requests are waited for: longer than what is measured.
  measure: 'under load',
  verifyAfter: 'checking again',
  stop: 'stopping',
};

/** How long the run took, and a trial of each kind of load. */
export function timeFacts({ elapsedMs, trialsMs, trials }: Times): Fact[] {
  const within = `${lengthText(trialsMs)} within trials`;
  return [
    ['Duration', elapsedMs === null ? within : `${lengthText(elapsedMs)} from start to end, ${within}`],
    ...trials.map(trialFact),
  ];
}

function trialFact({ load, totalMs, phases, windowMs }: TrialTimes): Fact {
  const parts = phases.map(({ phase, ms }) => `${lengthText(ms)} ${DURING[phase]}`);
  const told = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return [
    load === 'capacity' ? 'A trial at full load' : 'A trial at a given rate',
    `${lengthText(totalMs)}${told}; the measured window was ${lengthText(windowMs)} of it (medians over trials)`,
  ];
}

/** `212 ms`, `1.52 s`, `4.10 min`. */
function lengthText(ms: number): string {
  if (ms < MS_PER_SEC) return milliseconds(ms);
  if (ms < MS_PER_MIN) return `${figure(ms / MS_PER_SEC)} s`;
  return ms < MS_PER_HOUR ? `${figure(ms / MS_PER_MIN)} min` : `${figure(ms / MS_PER_HOUR)} h`;
}
