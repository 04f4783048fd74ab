/** From a run file to what faults did to the models of a scenario. A pure function. */
import { faultText } from '../../plan/faults.ts';
import { givenUp } from '../../plan/schedule/remaining.ts';
import type { Cell, FaultRecord, FaultTrial, Run, ScenarioPlan } from '../../store/schema.ts';
import type { FaultedModel, FaultSummary } from '../schema/faults.ts';
import { namesOf } from '../words.ts';
import { faultedOf, type Faulted, figuresOf } from './figures.ts';
import { type Contestant, placed } from './order.ts';
import { sentenceOf } from './sentence.ts';

export type FaultCell = Cell & { readonly load: Extract<Cell['load'], { kind: 'fault' }> };

/** Cells with faults of a scenario, or of all of them. */
export function faultCells({ additions }: Pick<Run, 'additions'>, scenario?: string): readonly FaultCell[] {
  const cells = additions.flatMap((addition) => addition.cells).filter(isFaultCell);
  const own = cells.filter((cell) => scenario === undefined || cell.scenario === scenario);
  return [...new Map(own.map((cell) => [cell.id, cell])).values()];
}

function isFaultCell(cell: Cell): cell is FaultCell {
  return cell.load.kind === 'fault';
}

/** An entry for each fault, in the order in which they were asked for; empty where there are none. */
export function faultSummaries(
  run: Pick<Run, 'manifest' | 'additions' | 'faulted'>,
  { id }: Pick<ScenarioPlan, 'id'>,
): readonly FaultSummary[] {
  const cells = faultCells(run, id);
  const faults = [...new Set(cells.map(({ load }) => faultText(load.fault)))];
  return faults.flatMap((text) => {
    const own = cells.filter(({ load }) => faultText(load.fault) === text);
    return own[0] === undefined ? [] : [summaryOf(own, own[0], run)];
  });
}

interface Entry extends Contestant {
  readonly model: FaultedModel;
}

function summaryOf(
  cells: readonly FaultCell[],
  { load }: FaultCell,
  { manifest, faulted = [] }: Pick<Run, 'manifest' | 'faulted'>,
): FaultSummary {
  const entries: Entry[] = [];
  const without: FaultedModel[] = [];
  for (const cell of cells) {
    const trials = faulted.filter((trial) => trial.cell === cell.id);
    const read = faultedOf(recordsOf(trials));
    const unable = unableOf(cell, trials, manifest.retries);
    const figures = unable === null ? figuresOf(read) : null;
    const model = modelOf(cell, read, unable);
    if (figures === null) without.push({ ...model, unable: unable ?? 'no valid trial' });
    else entries.push({ faulted: read, figures, model: { ...model, figures } });
  }
  const models = [...placed(entries).map(({ one, verdict }) => ({ ...one.model, verdict })), ...without];
  const { fault, requestsPerSec, eachMs } = load;
  const told = { fault, requestsPerSec, models };
  return { ...told, sentence: sentenceOf({ ...told, eachMs, nameOf: faultedNames(models, cells) }) };
}

/** Of valid trials. */
export function recordsOf(trials: readonly FaultTrial[]): readonly FaultRecord[] {
  return trials.flatMap(({ outcome }) => (outcome.status === 'ok' ? [outcome.record] : []));
}

function modelOf({ id, model, load }: FaultCell, { trials }: Faulted, unable: string | null): FaultedModel {
  const faults = trials.reduce((sum, { each }) => sum + each.length, 0);
  const about = { cell: id, model, restarts: load.restarts, trials: trials.length, faults };
  return { ...about, unable, figures: null, verdict: null };
}

/** Of a cell that was given up, earlier trials are no result either. */
function unableOf(cell: FaultCell, trials: readonly FaultTrial[], retries: number): string | null {
  if (cell.unable !== null) return cell.unable.message;
  const lost = givenUp(cell.id, trials, retries);
  return lost === null ? null : `it kept failing: ${lost.message}`;
}

/** The model, and where both ways were measured, whether it was without replacing those that die. */
export function faultedNames(
  models: readonly Pick<FaultedModel, 'cell' | 'restarts'>[],
  cells: readonly Pick<Cell, 'id' | 'model' | 'connectionMode'>[],
): (one: Pick<FaultedModel, 'cell' | 'restarts'>) => string {
  const nameOf = namesOf(cells);
  const isBoth = new Set(models.map(({ restarts }) => restarts)).size > 1;
  const names = new Map(cells.map((cell) => [cell.id, nameOf(cell)]));
  return ({ cell, restarts }) => `${names.get(cell) ?? cell}${isBoth && !restarts ? ' without restart' : ''}`;
}
