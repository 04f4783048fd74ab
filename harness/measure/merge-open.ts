/** What several generators recorded of an open loop, added up. */
import { mergeHistograms } from '../stats/latency.ts';
import type { Measurement } from '../store/schema.ts';
import type { OpenRecord } from './generator-messages.ts';

/** As a measurement has it, but for the limit, which no generator has to tell. */
export type MergedOpen = Omit<NonNullable<Measurement['open']>, 'timeoutMs'>;

/** null without a record. All records are of the same classes, in the same order. */
export function mergeOpen(records: readonly OpenRecord[]): MergedOpen | null {
  const [first] = records;
  if (first === undefined) return null;
  const sum = (of: (record: OpenRecord) => number): number => records.reduce((total, one) => total + of(one), 0);
  return {
    windowOffsetMs: sum(({ windowOffsetMs }) => windowOffsetMs) / records.length,
    due: sum(({ due }) => due),
    serviceHistogram: mergeHistograms(records.map((one) => one.serviceHistogram)),
    sendDelayHistogram: mergeHistograms(records.map((one) => one.sendDelayHistogram)),
    classes: first.classes.map(({ name }, i) => ({
      name,
      due: sum(({ classes }) => classes[i]?.due ?? 0),
      latencyHistogram: mergeHistograms(records.flatMap(({ classes }) => classes[i]?.latencyHistogram ?? [])),
      unfinished: sum(({ classes }) => classes[i]?.unfinished ?? 0),
    })),
    unfinished: sum(({ unfinished }) => unfinished),
    errors: sum(({ errors }) => errors),
    backlog: { start: sum(({ backlog }) => backlog.start), end: sum(({ backlog }) => backlog.end) },
    connections: {
      most: sum(({ connections }) => connections.most),
      waited: sum(({ connections }) => connections.waited),
    },
  };
}
