/** Words for what faults did, as images write them. */
import { countText, isGone, isOpen, timeText } from '../../harness/judge/faults/words.ts';
import type { FaultedModel, FaultSummary } from '../../harness/judge/schema/faults.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { list } from '../../harness/judge/words.ts';
import { faultWords, onceInWords } from '../../harness/plan/faults.ts';
import { cellNames } from './cells.ts';

export type FaultFigures = NonNullable<FaultedModel['figures']>;

/** By id of a cell with faults, its name: that of its setting, and whether dead workers are not replaced where both were measured. */
export function faultedNames({ models }: FaultSummary, scenario: ScenarioSummary): ReadonlyMap<string, string> {
  const settings = cellNames(scenario);
  const isBoth = new Set(models.map(({ restarts }) => restarts)).size > 1;
  return new Map(
    models.map(({ cell, model, restarts }) => {
      const setting = settings.get(cell.slice(0, cell.lastIndexOf('!'))) ?? model;
      return [cell, `${setting}${isBoth && !restarts ? ' without restart' : ''}`];
    }),
  );
}

/** `4.2 (1–9)`, `0 (≤0.6)`; one figure where the interval has no width, or where it would have been more if the trial had gone on. */
export function lostText(model: FaultedModel, { point, low, high }: FaultFigures['lost']): string {
  if (isGone(model) || isOpen(model)) return `≥${countText(point)}`;
  const [from, to] = [countText(low), countText(high)];
  if (from === '0' && countText(point) === '0') return to === '0' ? '0' : `0 (≤${to})`;
  return from === to ? countText(point) : `${countText(point)} (${from}–${to})`;
}

/** `recovered after 480 ms`, or that it did not. */
export function recoveryText(summary: FaultSummary, model: FaultedModel): string {
  const { figures } = model;
  if (figures === null) return '';
  if (isGone(model)) return summary.fault.kind === 'loop' ? 'stuck' : 'gone';
  if (figures.recoveryMs === null) return 'not recovered';
  return figures.recoveryMs.point < 1 ? 'not disturbed' : `recovered after ${timeText(figures.recoveryMs.point)}`;
}

/** Fewer are none, in a figure of one digit. */
const NONE_BELOW = 0.05;

/** What a fault costs, as the title of an image: `a killed worker costs cluster 4 requests (1–9); single is gone`. */
export function faultFinding(summary: FaultSummary, nameOf: (cell: string) => string): string {
  const what = faultWords(summary.fault);
  const all = summary.models.flatMap((model) =>
    model.figures === null ? [] : [{ model, figures: model.figures, name: nameOf(model.cell) }],
  );
  const gone = all.filter(({ model }) => isGone(model)).map(({ name }) => name);
  const state = summary.fault.kind === 'loop' ? 'stuck' : 'gone';
  const rest = gone.length === 0 ? '' : `${list(gone)} ${gone.length === 1 ? 'is' : 'are'} ${state}`;
  const present = all.filter(({ model }) => !isGone(model));
  const [best] = present;
  if (best === undefined) return all.length === 0 ? what : `after ${what} ${rest}`;
  if (present.every(({ figures }) => figures.lost.point < NONE_BELOW)) {
    const late = present.toSorted((a, b) => a.figures.late.point - b.figures.late.point);
    const lost = gone.length === 0 ? 'no request is lost' : `${list(present.map(({ name }) => name))} lose no request`;
    return [`${lost} to ${what}${lateText(late)}`, ...(rest === '' ? [] : [rest])].join('; ');
  }
  const { point } = best.figures.lost;
  const [figure, ...range] = lostText(best.model, best.figures.lost).split(' ');
  const requests =
    point < NONE_BELOW ? 'no request' : [figure, figure === '1' ? 'request' : 'requests', ...range].join(' ');
  const cost = `${summary.fault.times === 1 ? what : onceInWords(summary.fault)} costs ${best.name} ${requests}`;
  return [cost, ...(rest === '' ? [] : [rest])].join('; ');
}

interface Told {
  readonly name: string;
  readonly figures: FaultFigures;
}

/** From the fewest to the most. */
function lateText(all: readonly Told[]): string {
  const [least, most] = [all[0], all.at(-1)];
  if (least === undefined || most === undefined || most.figures.late.point < 0.5) return '';
  const of = ({ name, figures }: Told): string => `${countText(figures.late.point)} with ${name}`;
  return `; late are ${least === most ? of(most) : `${of(least)}, ${of(most)}`}`;
}
