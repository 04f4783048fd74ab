import type { Summary } from '../harness/judge/summary-schema.ts';
import type { RunTraces } from '../harness/judge/traces.ts';

/** What a report is made from: one run, or several side by side. */
export interface Reported {
  readonly summary: Summary;
  /** Absent where only the summary is at hand: then what is told of single trials is left out. */
  readonly traces?: RunTraces | undefined;
}
