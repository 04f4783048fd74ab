/** One fault: what each panel shows, before anything is placed. */
import type { FaultedModel, FaultSummary } from '../../../harness/judge/schema/faults.ts';
import type { FaultTrace } from '../../../harness/judge/traces/traces.ts';
import { faultText } from '../../../harness/plan/faults.ts';
import type { Scale } from '../../drawing/axes.ts';
import type { ChartInput } from '../../drawing/input.ts';
import { rowLabels } from '../../drawing/rows.ts';
import { modelColours } from '../../drawing/theme.ts';
import { modeText, subject, workersText } from '../../words/cells.ts';
import { visible } from '../../words/escape.ts';
import { counted, countRange } from '../../words/figures.ts';
import { type FaultFigures, faultedNames, faultFinding, lostText, recoveryText } from '../../words/faults.ts';
import { rateText } from '../../words/rates.ts';

export interface FaultPanel {
  readonly label: string;
  readonly colour: string;
  readonly model: FaultedModel;
  /** Both null where there is nothing to draw. */
  readonly figures: FaultFigures | null;
  readonly trace: FaultTrace | null;
  /** Why not; null where there is. */
  readonly reason: string | null;
}

/** A panel for each model, in the order of the summary: the best first. */
export function faultPanels({ scenario, summary, traces }: ChartInput, fault: FaultSummary): FaultPanel[] {
  const colourOf = modelColours(summary);
  const names = faultedNames(fault, scenario);
  const labels = rowLabels(fault.models.map(({ cell, model }) => names.get(cell) ?? model));
  return fault.models.map((model, i) => {
    const trace = model.figures === null ? undefined : traces?.faults?.find(({ cell }) => cell === model.cell);
    return {
      ...{ label: labels[i] ?? '', colour: colourOf(model.model), model },
      figures: trace === undefined ? null : model.figures,
      trace: trace ?? null,
      reason: trace === undefined ? (model.unable ?? 'no valid trial') : null,
    };
  });
}

/** What was found, from the labels of the panels. */
export function findingOfPanels(fault: FaultSummary, panels: readonly FaultPanel[]): string {
  return visible(faultFinding(fault, (cell) => panels.find(({ model }) => model.cell === cell)?.label ?? cell));
}

/** From the start of the earliest trace to the end of the latest, in seconds from the first fault. */
export function secondsScale(panels: readonly FaultPanel[], most: number): Scale {
  const traces = panels.flatMap(({ trace }) => trace ?? []);
  const start = Math.min(...traces.map(({ startMs }) => startMs)) / 1000;
  const end = Math.max(...traces.map((trace) => endMsOf(trace))) / 1000;
  const at = (seconds: number): number => (seconds - start) / (end - start);
  const step = STEPS.find((one) => (end - start) / one <= most) ?? (end - start) / most;
  const from = Math.ceil(start / step - 1e-9);
  const count = Math.floor(end / step + 1e-9) - from + 1;
  const ticks = Array.from({ length: count }, (_, i) => Number(((from + i) * step).toPrecision(4)));
  return { at, ticks: ticks.map((one) => ({ at: at(one), label: one < 0 ? `−${-one}` : `${one}` })) };
}

/** Between ticks, in seconds. */
const STEPS = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

export function endMsOf({ startMs, binMs, answeredPerSec }: FaultTrace): number {
  return startMs + answeredPerSec.length * binMs;
}

/** `kill, 200 requests/s`: which fault, and at which rate. */
export function faultMeasure({ fault, requestsPerSec }: FaultSummary): string {
  return `${faultText(fault)} at ${rateText(requestsPerSec)}`;
}

/** For those who do not see it: what it cost each model. */
export function faultFigures(fault: FaultSummary, panels: readonly FaultPanel[]): string {
  const parts = panels.map(({ label, model, figures, reason }) =>
    figures === null
      ? `${label}: ${reason}`
      : `${label} ${lostText(model, figures.lost)}, ${recoveryText(fault, model)}`,
  );
  return `requests lost by each fault: ${parts.join('; ')}`;
}

/** The conditions of trials with faults in place of those of full load. */
export function faultConditions({ scenario }: ChartInput, panels: readonly FaultPanel[]): string[] {
  const trials = panels.flatMap(({ trace }) => trace?.trials ?? []);
  const [highest] = trials.toSorted((a, b) => b - a);
  const of = counted(highest ?? 0, 'trial').replace(/^\S+/u, countRange(trials) ?? '0');
  const { cells } = scenario;
  return [workersText(cells), ...modeText(cells), `${of} per ${subject(cells)}`].filter((text) => text !== '');
}
