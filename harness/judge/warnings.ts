/** What a reader must know before believing the figures. Data that travels with the result, each with a next step. */
import type { Cell, Manifest, Measurement } from '../store/schema.ts';
import { isRankable } from './limited-by.ts';
import type { ScenarioSummary, Warning } from './summary-schema.ts';

/** Above the physical limit by more than the noise of a calibration: the machine was faster or slower when it ran. */
const OVER_LIMIT = 1.03;

export function warningsOf(
  manifest: Manifest,
  scenarios: readonly ScenarioSummary[],
  measured: readonly { readonly cell: Cell; readonly measurements: readonly Measurement[] }[],
): Warning[] {
  return [
    ...oversubscribed(manifest),
    ...unevenConnections(manifest),
    ...scenarios.flatMap(notRanked),
    ...scenarios.flatMap(overLimit),
    ...unsteady(measured),
    ...failedTrials(scenarios),
  ];
}

function oversubscribed({ cells, environment }: Manifest): Warning[] {
  const { count, decidedBy } = environment.availableCpus;
  const workers = Math.max(...cells.map((cell) => cell.workers));
  if (workers <= count) return [];
  const why = decidedBy === 'host' ? '' : ` (by ${decidedBy})`;
  return [
    {
      code: 'oversubscribed',
      message: `${workers} workers share ${count} CPU${count === 1 ? '' : 's'}${why}`,
      nextStep: `leave out --workers, or give --workers ${count}`,
    },
  ];
}

function unevenConnections({ cells }: Manifest): Warning[] {
  const uneven = cells.find(({ style, workers, connections }) => style === 'replicated' && connections % workers !== 0);
  if (uneven === undefined) return [];
  const { workers, connections } = uneven;
  return [
    {
      code: 'uneven-connections',
      message: `${connections} connections cannot be shared evenly by ${workers} workers, and cluster keeps each with one worker`,
      nextStep: `give --connections ${Math.ceil(connections / workers) * workers}`,
    },
  ];
}

function notRanked({ id, cells }: ScenarioSummary): Warning[] {
  const held = cells.filter(({ result }) => result !== null && !isRankable(result.limitedBy));
  const [first] = held;
  if (first?.result == null) return [];
  const models = held.map(({ model }) => model).join(', ');
  return [
    {
      code: 'not-ranked',
      message: `${id}: ${models} held back by something other than the server: ${first.result.limitedBy.evidence}`,
      nextStep: 'measure on more CPUs, or give each request more work, so that the generator is the smaller part',
    },
  ];
}

function overLimit({ id, cells }: ScenarioSummary): Warning[] {
  const over = cells.filter(({ result }) => (result?.shareOfLimit ?? 0) > OVER_LIMIT);
  if (over.length === 0) return [];
  return [
    {
      code: 'over-limit',
      message: `${id}: ${over.map(({ model }) => model).join(', ')} above the physical limit, so the machine was slower during the calibration`,
      nextStep: 'run again on a quieter machine; compare models with each other, not with the limit',
    },
  ];
}

function unsteady(
  measured: readonly { readonly cell: Cell; readonly measurements: readonly Measurement[] }[],
): Warning[] {
  const cells = measured.filter(({ measurements }) => measurements.some(({ steady }) => !steady));
  if (cells.length === 0) return [];
  return [
    {
      code: 'unsteady',
      message: `the warm-up ended at its limit, with throughput not yet steady or code not yet compiled: ${cells.map(({ cell }) => cell.id).join(', ')}`,
      nextStep: 'give --preset standard or thorough, which warm up for longer',
    },
  ];
}

function failedTrials(scenarios: readonly ScenarioSummary[]): Warning[] {
  const cells = scenarios.flatMap((scenario) => scenario.cells).filter(({ trialsFailed }) => trialsFailed > 0);
  if (cells.length === 0) return [];
  const count = cells.reduce((sum, { trialsFailed }) => sum + trialsFailed, 0);
  return [
    {
      code: 'failed-trials',
      message: `${count} trial${count === 1 ? '' : 's'} failed and are not in the figures: ${cells.map(({ id }) => id).join(', ')}`,
      nextStep: 'read the reasons below; a model that fails under load is not to be compared by its speed',
    },
  ];
}
