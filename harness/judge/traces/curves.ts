/** Whole distributions of latency, by the rules of the percentiles in the summary: the same figures where it has them. */
import { momentsOf } from '../../stats/distribution.ts';
import { isSupported } from '../../stats/latency.ts';
import { mergedSample, type Sample, sampleOf } from '../../stats/percentiles.ts';
import type { Cell, Measurement } from '../../store/schema.ts';
import { isOpen, latenciesOf, mergedLatencies } from '../samples.ts';

const US_PER_MS = 1000;
/** Points to each factor of ten in the share beyond: the axis shows as many nines as there are. */
const POINTS_PER_NINE = 12;
/** Not among those points, but asked for: p50, p75 and p95. */
const ASKED_BEYOND = [0.5, 0.25, 0.05];
/** Far below a request: a share beyond, as a number of requests, has that much dust on it. */
const DUST = 1e-6;

/** All requests, and each class where there are several; nothing without a request. */
export function curvesOf({ id }: Pick<Cell, 'id'>, valid: readonly Measurement[]): Curve[] {
  const opens = valid.filter(isOpen);
  const [first] = opens;
  if (first === undefined) {
    // Under capacity load a request without a reply fails the trial, so there is none among these.
    const samples = valid.map(({ latencyHistogram }) => sampleOf({ histogram: latencyHistogram, unfinished: 0 }));
    return curveOf({ cell: id, requestClass: null, trials: valid.length }, mergedSample(samples), null);
  }
  const { latency, classes } = mergedLatencies(opens.map(latenciesOf));
  const parts = [
    { requestClass: null, sample: latency },
    ...(classes.length < 2 ? [] : classes).map((one) => ({ requestClass: one.name, sample: one.latency })),
  ];
  return parts.flatMap(({ requestClass, sample }) =>
    curveOf({ cell: id, requestClass, trials: opens.length }, sample, first.open.timeoutMs),
  );
}

function curveOf(
  about: Pick<Curve, 'cell' | 'requestClass' | 'trials'>,
  sample: Sample,
  timeoutMs: number | null,
): Curve[] {
  const { total, unfinished, atRank } = sample;
  if (total === 0) return [];
  // A histogram tells the highest value of a bucket, which may lie above the limit.
  const ms = (us: number): number => Math.min(us / US_PER_MS, timeoutMs ?? Number.POSITIVE_INFINITY);
  const { mean, standardDeviation } = momentsOf(sample);
  return [
    {
      ...about,
      requests: total,
      unfinished,
      minMs: ms(atRank(1)),
      meanMs: ms(mean),
      standardDeviationMs: standardDeviation / US_PER_MS,
      maxMs: ms(atRank(total)),
      points: sharesBeyond(total).map((beyond) => {
        // The nearest rank, from the other end: 1 - 0.9999 is not quite a ten-thousandth.
        const rank = Math.max(1, total - Math.floor(total * beyond + DUST));
        return { share: 1 - beyond, ms: ms(atRank(rank)), atLeast: rank > total - unfinished };
      }),
    },
  ];
}

/** Shares of the requests that lie beyond each point, from 1 down to the last that so many samples support. */
function sharesBeyond(total: number): readonly number[] {
  const all: number[] = [];
  const asked = [...ASKED_BEYOND];
  for (let point = 0; ; point++) {
    const beyond = 10 ** (-point / POINTS_PER_NINE);
    while (asked[0] !== undefined && asked[0] > beyond && isSupported(total, 1000 * (1 - asked[0]))) {
      all.push(...asked.splice(0, 1));
    }
    if (!isSupported(total, 1000 * (1 - beyond))) return all;
    all.push(beyond);
  }
}

/** The distribution of latency over all valid trials of one cell, merged and never averaged. */
export interface Curve {
  /** Id of the cell. */
  readonly cell: string;
  /** null for the requests of all classes together. */
  readonly requestClass: string | null;
  readonly trials: number;
  /** In the distribution: requests that failed are not. */
  readonly requests: number;
  /** Requests without a reply: their latencies are in the distribution as the limit that passed. */
  readonly unfinished: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly standardDeviationMs: number;
  readonly maxMs: number;
  /**
   * Shares of the requests, 0 to 1 and ascending, with the latency within which they were answered; `atLeast` where the
   * rank lies among requests without a reply. It ends where the samples no longer support a percentile.
   */
  readonly points: readonly { readonly share: number; readonly ms: number; readonly atLeast: boolean }[];
}
