/** What cannot be told with the rates and windows that were asked for, which is known before the first trial. */
import { faultText } from '../../plan/faults.ts';
import { rateCell } from '../../plan/schedule/cells.ts';
import { faultCells } from '../../plan/schedule/faults.ts';
import { SWEEP_ROUNDS } from '../../plan/schedule/rates.ts';
import { isSupported, SAMPLES_BEYOND } from '../../stats/latency.ts';
import type { Manifest, ScenarioPlan } from '../../store/schema.ts';
import type { Warning } from '../schema/summary.ts';
import { limitName, rateFigure } from '../words.ts';

/** Arrivals are random: this much more than the mean time until there are enough. */
const DURATION_MARGIN = 1.2;
/** The longest that --duration may be. */
const LONGEST_SEC = 600;
const P99 = 990;
const PER_MILLE = { p50: 500, p90: 900, p99: P99, p999: 999 } as const;

type Told = Pick<Warning, 'message' | 'nextStep'>;
type Asked = Pick<Manifest, 'cells' | 'scenarios' | 'latency' | 'faults' | 'externals'>;

/** At most one for each of common rates, the sweep, the SLO of a scenario, and a fault: only where it is certain. */
export function toldBeforehand(manifest: Asked): Told[] {
  const ofScenarios = manifest.scenarios.flatMap((plan) => [
    ...commonRates(plan, manifest),
    ...sweepOf(plan, manifest),
    ...searchOf(plan, manifest),
  ]);
  return [...ofScenarios, ...faultsLeftOut(manifest)];
}

/** What a server cannot take, though it can run the scenario: all with one reason together, once for all scenarios. */
function faultsLeftOut(manifest: Asked): Told[] {
  const cells = manifest.cells.filter(({ unable }) => unable === null).flatMap((cell) => faultCells(cell, manifest, 1));
  const left = cells.flatMap(({ model, load, unable }) =>
    unable === null ? [] : [{ model, why: unable.message, text: faultText(load.fault) }],
  );
  const alike = new Map(left.map((one) => [`${one.model} ${one.why}`, one]));
  return [...alike.values()].map(({ model, why }) => {
    const texts = left.flatMap((one) => (one.model === model && one.why === why ? [one.text] : []));
    return { message: `--fault ${[...new Set(texts)].join(',')} is not measured under ${model}`, nextStep: why };
  });
}

/** A share of capacity comes to at most that of the physical limit; without one nothing is certain. */
function commonRates(plan: ScenarioPlan, manifest: Asked): Warning[] {
  const { rounds } = manifest.latency;
  const rates = plan.rates.flatMap((rate) =>
    rate.kind === 'number' ? rate.requestsPerSec : plan.limit === null ? [] : rate.share * plan.limit.requestsPerSec,
  );
  const few = rates.filter((rate) => !isSupported(requestsIn(rate, rounds, plan, manifest), P99));
  const [lowest] = few.toSorted((a, b) => a - b);
  if (lowest === undefined) return [];
  return [tooFew(`${plan.id}: p99 at ${rateFigure(lowest)} requests/s`, lowest, rounds, 1, P99, plan, manifest)];
}

/** The highest rate of a sweep is about the capacity, which is below the physical limit. */
function sweepOf(plan: ScenarioPlan, manifest: Asked): Warning[] {
  const { sweep, rounds } = manifest.latency;
  if (!sweep || plan.limit === null) return [];
  const most = plan.limit.requestsPerSec;
  const own = Math.min(rounds, SWEEP_ROUNDS);
  if (isSupported(requestsIn(most, own, plan, manifest), P99)) return [];
  return [
    tooFew(`${plan.id}: p99 of the sweep, even at ${rateFigure(most)} requests/s`, most, own, 1, P99, plan, manifest),
  ];
}

/** A search judges each trial alone, and what is sustained is below the physical limit. */
function searchOf(plan: ScenarioPlan, manifest: Asked): Warning[] {
  const { slo } = manifest.latency;
  if (slo === null || plan.limit === null) return [];
  const most = plan.limit.requestsPerSec;
  const weights = plan.requestClasses.reduce((sum, { weight }) => sum + weight, 0);
  const limits = slo.limits.map((limit) => {
    const own = plan.requestClasses.find(({ name }) => name === limit.requestClass)?.weight ?? weights;
    return { limit, share: weights === 0 ? 1 : own / weights };
  });
  const requests = (share: number): number => share * requestsIn(most, 1, plan, manifest, 'slo');
  const found = limits.find(({ limit, share }) => !isSupported(requests(share), PER_MILLE[limit.percentile]));
  if (found === undefined) return [];
  const { limit, share } = found;
  const what = `${plan.id}: whether ${limitName(limit)} holds, even at ${rateFigure(most)} requests/s,`;
  return [tooFew(what, most, 1, share, PER_MILLE[limit.percentile], plan, manifest, 'slo')];
}

/** What is expected in all windows together, as long as these may be. */
function requestsIn(
  requestsPerSec: number,
  rounds: number,
  plan: ScenarioPlan,
  manifest: Asked,
  kind: 'rate' | 'slo' = 'rate',
): number {
  return (requestsPerSec * rounds * windowMs(requestsPerSec, rounds, plan, manifest, kind)) / 1000;
}

function windowMs(
  requestsPerSec: number,
  rounds: number,
  { id }: ScenarioPlan,
  { cells, latency }: Asked,
  kind: 'rate' | 'slo',
): number {
  const cell = cells.find(({ scenario }) => scenario === id);
  if (cell === undefined) return latency.measureMs;
  const purpose = kind === 'rate' ? ({ kind, rounds } as const) : ({ kind, samples: Number.MAX_SAFE_INTEGER } as const);
  const { load } = rateCell(cell, requestsPerSec, latency, purpose);
  return load.kind === 'rate' ? load.measureMs : latency.measureMs;
}

function tooFew(
  what: string,
  requestsPerSec: number,
  rounds: number,
  share: number,
  perMille: number,
  plan: ScenarioPlan,
  manifest: Asked,
  kind: 'rate' | 'slo' = 'rate',
): Warning {
  const needed = Math.ceil((SAMPLES_BEYOND * 1000) / (1000 - perMille));
  const expected = Math.floor(share * requestsIn(requestsPerSec, rounds, plan, manifest, kind));
  const windowSec = windowMs(requestsPerSec, rounds, plan, manifest, kind) / 1000;
  const sec = Math.ceil((DURATION_MARGIN * needed) / (share * requestsPerSec * rounds));
  const trials = rounds === 1 ? ['a trial', 'has'] : [`${rounds} trials`, 'have'];
  return {
    code: 'few-samples',
    message: `${what} cannot be told: it takes ${needed.toLocaleString('en-US')} requests, and ${trials[0]} of ${Number(windowSec.toPrecision(3))} s ${trials[1]} about ${expected.toLocaleString('en-US')}`,
    nextStep: sec > LONGEST_SEC ? 'ask for a lower percentile, or a higher rate' : `give --duration ${sec}s`,
  };
}
