/** What faults did to the models as a table that all reports share. */
import type { FaultedModel, FaultSummary } from '../../harness/judge/schema/faults.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { countText, isGone, isOpen, timeText } from '../../harness/judge/faults/words.ts';
import { rateText, scenarioWords } from '../../harness/judge/words.ts';
import { faultWords } from '../../harness/plan/faults.ts';
import { FEWEST_TRIALS } from '../../harness/stats/estimate.ts';
import { faultedNames } from '../words/faults.ts';
import { countRange, MISSING } from '../words/figures.ts';
import { runsOf, type Several } from '../words/runs.ts';
import { wrap } from '../words/wrap.ts';
import { NAME_COLUMN, type ResultTable } from './table.ts';

type Figures = NonNullable<FaultedModel['figures']>;

/** How a table is laid out. */
export interface FaultLook {
  /** Whether an interval stands below its figure, and not in brackets behind it. */
  readonly stacked: boolean;
  /** Where what clients saw is broken into lines, in characters; null where it is not. */
  readonly seenWidth: number | null;
}

/** `a killed worker, under 600 requests/s; 5 trials per model`. */
export function faultTitle(summary: FaultSummary, scenario: ScenarioSummary): string {
  const trials = summary.models.filter(({ figures }) => figures !== null).map((one) => one.trials);
  const range = countRange(trials);
  const each = range === null ? '' : `; ${range} ${range === '1' ? 'trial' : 'trials'} per model`;
  const words = `${faultWords(summary.fault)}, under ${rateText(summary.requestsPerSec)} requests/s${each}`;
  return `${scenarioWords(scenario)}: ${words}`;
}

/** One line per model, the best first. */
export function faultTable(
  summary: FaultSummary,
  scenario: ScenarioSummary,
  { stacked, seenWidth }: FaultLook,
): ResultTable {
  const names = faultedNames(summary, scenario);
  const isTold = (of: (figures: Figures) => boolean): boolean =>
    summary.models.some(({ figures }) => figures !== null && of(figures));
  const hasWorkers = !stacked && isTold(({ workers }) => workers !== null);
  return {
    columns: [
      NAME_COLUMN,
      { head: ['', 'lost'], align: 'right' },
      { head: ['', 'late'], align: 'right' },
      { head: ['', 'outage'], align: 'right' },
      { head: ['', 'recovery'], align: 'right' },
      ...(hasWorkers ? [{ head: ['workers lost', 'replaced'], align: 'right' } as const] : []),
      { head: ['', 'clients saw'], align: 'left', meaning: 'prose' },
      { head: ['', 'verdict'], align: 'left' },
    ],
    rows: summary.models.map((model) => {
      const { figures, verdict } = model;
      const name = names.get(model.cell) ?? model.model;
      if (figures === null) return { kind: 'failed', name, reason: model.unable ?? 'not measured' };
      const seen = seenText(figures);
      return {
        kind: 'measured',
        name,
        mark: null,
        values: [
          harmText(figures.lost, isCut(model), model, stacked),
          harmText(figures.late, false, model, stacked),
          outageText(figures, isCut(model)),
          recoveryText(model, summary),
          ...(hasWorkers ? [workersText(figures)] : []),
          seenWidth === null ? seen : wrap(seen, seenWidth).join('\n'),
          verdict ?? MISSING,
        ],
      };
    }),
  };
}

/** Whether it was not over when the trial was: then there would have been more. */
function isCut(model: FaultedModel): boolean {
  return isGone(model) || isOpen(model);
}

function harmText(
  { point, low, high }: Figures['lost'],
  isAtLeast: boolean,
  model: FaultedModel,
  stacked: boolean,
): string {
  const figure = `${isAtLeast ? '≥' : ''}${countText(point)}`;
  if (model.trials < FEWEST_TRIALS || isAtLeast) return figure;
  const range = point === 0 ? `at most ${countText(high)}` : `${countText(low)}–${countText(high)}`;
  return stacked ? `${figure}\n${range.replace('at most ', '≤')}` : `${figure} (${range})`;
}

function outageText({ outageMs: { median, longest } }: Figures, isAtLeast: boolean): string {
  if (median === 0) return longest === 0 ? 'none' : `≤${timeText(longest)}`;
  return `${isAtLeast ? '≥' : ''}${timeText(median)}`;
}

function recoveryText(model: FaultedModel, summary: FaultSummary): string {
  const { figures, faults } = model;
  if (figures === null) return MISSING;
  if (isGone(model)) return summary.fault.kind === 'loop' ? 'stuck' : 'gone';
  if (figures.recoveryMs === null) return 'not over';
  if (figures.recoveryMs.point < 1) return 'at once';
  return `${figures.recovered < faults ? '≥' : ''}${timeText(figures.recoveryMs.point)}`;
}

function workersText({ workers }: Figures): string {
  return workers === null ? MISSING : `${countText(workers.lost)}, ${countText(workers.replaced)}`;
}

const SEEN = {
  reset: 'reset',
  refused: 'refused',
  timeout: 'time-out',
  'wrong-reply': 'wrong reply',
  status: 'another status',
} as const satisfies Record<Figures['seen'][number]['kind'], string>;

/** `3.1 reset, 1.1 503, 8 idle closed`; a dash where clients saw nothing. */
function seenText({ seen, closedIdle }: Figures): string {
  const parts = [
    ...seen.map(({ kind, status, mean }) => `${countText(mean)} ${status ?? SEEN[kind]}`),
    ...(closedIdle > 0 ? [`${countText(closedIdle)} idle closed`] : []),
  ].filter((text) => !text.startsWith('0 '));
  return parts.length === 0 ? MISSING : parts.join(', ');
}

/** What the columns mean. */
export const FAULT_NOTES: readonly string[] = [
  'lost: requests without a good reply because of one fault, with the 95% interval over trials; the request that brought the fault about is not among them, so that others shared its fate. ≥: it was not over when the trial was.',
  'late: good replies that took longer than the p99 of before the fault by a quarter at least, and 10 ms.',
  'outage: the longest time without any good reply, beyond the longest before the fault; recovery: until requests were as before.',
  'verdict: worse is shown to lose more, or as many and to have more late, than the best; level is not.',
];

/** Each fault with its scenario, and of several runs with the run. */
export function faultsOfRuns(scenario: Several<ScenarioSummary>) {
  const runs = runsOf(scenario);
  const all = runs.length === 0 ? [{ label: null, of: scenario }] : runs;
  return all.flatMap(({ label, of }) => (of.faults ?? []).map((fault) => ({ label, of, fault })));
}
