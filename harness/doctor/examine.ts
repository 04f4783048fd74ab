/** The whole examination, step by step. Everything that touches the machine is behind `Examining`. */
import { measurementsOf } from '../judge/cell/summary.ts';
import { randomStream, shuffled } from '../stats/random.ts';
import type { FaultTrial, Trial } from '../store/schema.ts';
import type { Examining } from './examining.ts';
import type { Finding } from './finding.ts';
import { type BusyFacts, machineFindings, othersFinding, type QuietFacts } from './machine/checks.ts';
import { type AaPair, type Noise, noiseFindings, noiseOf } from './noise/noise.ts';
import { type TruthTrials, truthFindings } from './truths/findings.ts';
import { figureNames, type OutageName, outageNames, type TruthName, truthNames } from './truths/known.ts';
import { type OutageTrials, outageFindings } from './truths/outages.ts';

/** What `fourways doctor --format json` prints. */
export interface Examined {
  readonly version: string;
  readonly startedAt: string;
  readonly seed: number;
  /** No finding is `unfit`. */
  readonly fit: boolean;
  readonly findings: readonly Finding[];
  readonly machine: QuietFacts & BusyFacts;
  readonly noise: Noise;
}

/** One thing that takes a while. */
export interface Step {
  readonly name: string;
  /** How long it takes on a machine with nothing else to do. */
  readonly expectedMs: number;
}

interface Act extends Step {
  readonly act: () => Promise<void>;
}

const PAIRS = 6;
/** Durations in milliseconds, on two idle CPUs. */
const QUIET_MS = 1000;
const PAIR_MS = 4000;
const TRUTH_MS = 1000;
const OUTAGE_MS = 5000;
const FIGURE_MS: Readonly<Partial<Record<TruthName, number>>> = {
  'fixed-delay': 3600,
  'known-spin': 2600,
  'open-delay': 4700,
  'known-queue': 6600,
  freezing: 27_000,
};

/** Examines the machine. `begins` is called before each step, with the time left in milliseconds. */
export async function examine(
  examining: Examining,
  about: Pick<Examined, 'version' | 'startedAt' | 'seed'>,
  begins: (step: Step, nth: number, of: number, leftMs: number) => void,
  signal: AbortSignal,
): Promise<Examined> {
  const trials: Record<TruthName, Trial[]> = {
    ...{ 'fixed-delay': [], 'known-spin': [], 'open-delay': [], 'known-queue': [], freezing: [], healthy: [] },
    ...{ 'wrong-reply': [], closing: [], unavailable: [], hanging: [] },
  };
  const outages: Record<OutageName, FaultTrial[]> = { away: [], dropping: [], slow: [] };
  const pairs: AaPair[] = [];
  let quiet: QuietFacts | undefined;
  const random = randomStream(about.seed);
  const truths = (names: readonly TruthName[]): readonly Act[] =>
    shuffled(names, random).map((name) => ({
      name: `a server with a known truth: ${name}`,
      expectedMs: FIGURE_MS[name] ?? TRUTH_MS,
      act: async () => void trials[name].push(await examining.truth(name, signal)),
    }));
  const outageSteps = (): readonly Act[] =>
    outageNames.map((name) => ({
      name: `a server that goes wrong for a known time: ${name}`,
      expectedMs: OUTAGE_MS,
      act: async () => void outages[name].push(await examining.outage(name, signal)),
    }));
  const pairsFrom = (from: number, to: number): readonly Act[] =>
    Array.from({ length: to - from }, (_, i) => ({
      name: `two equal servers, pair ${from + i + 1} of ${PAIRS}`,
      expectedMs: PAIR_MS,
      act: async () => void pairs.push(await pairOf(examining, from + i, signal)),
    }));
  const steps: readonly Act[] = [
    {
      name: 'this machine, at rest',
      expectedMs: QUIET_MS,
      act: async () => {
        quiet = await examining.quiet(signal);
      },
    },
    // Repetitions are spread over time, so that one disturbance does not affect all of them.
    ...truths(truthNames),
    ...pairsFrom(0, PAIRS / 2),
    ...outageSteps(),
    ...truths(figureNames),
    ...pairsFrom(PAIRS / 2, PAIRS),
    ...truths(figureNames),
  ];
  for (const [i, step] of steps.entries()) {
    signal.throwIfAborted();
    const leftMs = steps.slice(i).reduce((sum, { expectedMs }) => sum + expectedMs, 0);
    begins(step, i + 1, steps.length, leftMs);
    await step.act();
  }
  if (quiet === undefined) throw new Error('the machine was not examined');
  return conclude(about, { ...quiet, ...examining.busy() }, { trials, outages, pairs });
}

/** The order of the two does not matter: they are equal, and only their difference is used. */
async function pairOf(examining: Examining, round: number, signal: AbortSignal): Promise<AaPair> {
  const a = await examining.equal(round, signal);
  return { a, b: await examining.equal(round, signal) };
}

function conclude(
  about: Pick<Examined, 'version' | 'startedAt' | 'seed'>,
  machine: QuietFacts & BusyFacts,
  {
    trials,
    outages,
    pairs,
  }: { readonly trials: TruthTrials; readonly outages: OutageTrials; readonly pairs: readonly AaPair[] },
): Examined {
  const noise = noiseOf(pairs);
  const all = [...Object.values(trials).flat(), ...pairs.flatMap(({ a, b }) => [a, b])];
  const findings = [
    ...machineFindings(machine, machine),
    othersFinding(measurementsOf(all), machine.availableCpus),
    ...truthFindings(trials, machine.availableCpus),
    ...outageFindings(outages),
    ...noiseFindings(noise),
  ];
  const fit = findings.every(({ level }) => level !== 'unfit');
  return { ...about, fit, findings, machine, noise };
}
