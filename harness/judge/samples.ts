/** The histograms of a trial of an open loop, each read once: a label, the percentiles and the classes all ask for them. */
import { type Distribution, distributionOf, mergedDistribution } from '../stats/distribution.ts';
import { mergedSample, type Sample } from '../stats/percentiles.ts';
import type { Measurement } from '../store/schema.ts';

/** A measurement of an open loop. */
export interface OpenMeasurement extends Measurement {
  readonly open: NonNullable<Measurement['open']>;
}

/** Of one trial, or of several together, in microseconds. */
export interface Latencies {
  readonly latency: Sample;
  /** In the order of the scenario. */
  readonly classes: readonly { readonly name: string; readonly latency: Sample }[];
}

export interface RateSamples extends Latencies {
  readonly sendDelay: Distribution;
}

type Recorded = Pick<OpenMeasurement, 'latencyHistogram' | 'open'>;

export function isOpen(measurement: Measurement): measurement is OpenMeasurement {
  return measurement.open !== null;
}

export function rateSamplesOf(recorded: Recorded): RateSamples {
  return { ...latenciesOf(recorded), sendDelay: distributionOf(recorded.open.sendDelayHistogram) };
}

export function latenciesOf({ latencyHistogram, open }: Recorded): Latencies {
  const all = distributionOf(latencyHistogram);
  // A single class has all the requests.
  const read = (text: string): Distribution => (text === latencyHistogram ? all : distributionOf(text));
  return {
    latency: { ...all, unfinished: open.unfinished },
    classes: open.classes.map((one) => ({
      name: one.name,
      latency: { ...read(one.latencyHistogram), unfinished: one.unfinished },
    })),
  };
}

/** The latencies of all these trials of one scenario. */
export function mergedLatencies(trials: readonly Latencies[]): Latencies {
  const names = trials[0]?.classes.map(({ name }) => name) ?? [];
  return {
    latency: mergedSample(trials.map(({ latency }) => latency)),
    classes: names.map((name) => ({ name, latency: mergedSample(ofClass(trials, name)) })),
  };
}

export function mergedSamples(trials: readonly RateSamples[]): RateSamples {
  return { ...mergedLatencies(trials), sendDelay: mergedDistribution(trials.map(({ sendDelay }) => sendDelay)) };
}

/** Of each trial, in the order of the trials. */
export function ofClass(trials: readonly Latencies[], name: string): readonly Sample[] {
  return trials.flatMap(({ classes }) => classes.filter((one) => one.name === name).map(({ latency }) => latency));
}
