/** The parts of the page that say how far the figures can be trusted: method, warnings and failed trials. */

import { ANSWER_ERROR } from '../../harness/judge/models/contest.ts';
import { FAMILY_ERROR } from '../../harness/judge/models/verdict.ts';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import type { Phase, Times, TrialTimes } from '../../harness/judge/traces/traces.ts';
import { percent } from '../../harness/judge/words.ts';
import { LEVEL } from '../../harness/stats/estimate.ts';
import { COST_NOTES } from '../tables/costs.ts';
import { EFFORT_NOTES } from '../tables/efforts.ts';
import { LATENCY_NOTES, OFFERED_NOTES } from '../tables/latency.ts';
import { COLUMN_NOTES } from '../tables/results.ts';
import { SLO_NOTES } from '../tables/slo.ts';
import type { Column } from '../tables/table.ts';
import { html } from '../words/escape.ts';
import { counted, durationText, figure, milliseconds } from '../words/figures.ts';
import { BETWEEN_RUNS, type Fact, type Reported, runsOf, type Several } from '../words/runs.ts';
import { advice, bullets, factsByRun, type Markup, scrolling, section } from './markup.ts';
import { tableMarkup } from './table.ts';

/** How the figures were obtained, and what each column means. */
export function methodSection(report: Reported): Markup {
  const { summary, traces } = report;
  const facts = factsByRun(byRun(report), methodFacts);
  const between = runsOf(summary).length === 0 ? [] : [`<p>${html(BETWEEN_RUNS)}</p>`];
  const meanings = [
    ['What the columns mean', COLUMN_NOTES],
    ['What the columns on cost mean', COST_NOTES],
    ...(traces === undefined ? [] : [['What the columns on CPU time and load generation mean', EFFORT_NOTES] as const]),
    ...(summary.scenarios.some(({ latency }) => latency !== null)
      ? [
          [
            'What the columns on latency at given rates mean',
            [...LATENCY_NOTES, ...OFFERED_NOTES, ...SLO_NOTES],
          ] as const,
        ]
      : []),
  ] as const;
  const notes = meanings.map(([title, items]) => `<h3>${title}</h3>\n${bullets(items)}`);
  return section('method', 'How it was measured', [facts, ...between, ...notes].join('\n'));
}

/** One run: its summary, and its times where its trials are known. */
interface Measured {
  readonly summary: Summary;
  readonly times: Times | undefined;
}

function byRun({ summary, traces }: Reported): Several<Measured> {
  const timesOf = (label: string | undefined) => traces?.times.find(({ run }) => run === label);
  const runs = runsOf(summary).map(({ label, of }) => ({ label, of: { summary: of, times: timesOf(label) } }));
  return { summary, times: timesOf(undefined), runs };
}

function methodFacts({ summary, times }: Measured): Fact[] {
  return [
    ['Rounds', `${roundsText(summary)}, in a random order drawn from seed ${summary.seed}`],
    [
      'Trials',
      `${trialsText(summary)}; each measures one cell on a freshly started server and is the unit of replication`,
    ],
    [
      'Estimates',
      `Huber’s robust estimate over the trials, on the log scale, with a ${percent(LEVEL)} interval by Student’s t; outliers are down-weighted and listed`,
    ],
    [
      'Comparisons',
      `with the best, whichever that is: ratios of trials of the same round, on the log scale; how far each model is behind at most and at least, corrected for repeated looks; all of one figure of a scenario hold together with a confidence of ${percent(1 - ANSWER_ERROR)}`,
    ],
    [
      'Pairs',
      `the same ratios, with intervals corrected for repeated looks and for all pairs of a scenario: those of one figure hold together with a confidence of ${percent(1 - FAMILY_ERROR)}`,
    ],
    ['Margin', `±${percent(summary.margin)}: a model that is no farther behind the best may be taken`],
    ['Preset', summary.preset],
    ['Started', summary.startedAt],
    ...(times === undefined ? [] : timeFacts(times)),
    [
      'Complete',
      summary.complete
        ? 'yes, every planned trial was attempted'
        : 'no, the run ended before every planned trial was attempted',
    ],
  ];
}

/** Open-loop trials are counted separately, because they are not part of the rounds. */
function trialsText({ scenarios }: Summary): string {
  const countOf = (cells: readonly { readonly trialsOk: number; readonly trialsFailed: number }[]): number =>
    cells.reduce((sum, { trialsOk, trialsFailed }) => sum + trialsOk + trialsFailed, 0);
  const full = countOf(scenarios.flatMap(({ cells }) => cells));
  const given = countOf(scenarios.flatMap(({ latency }) => latency?.cells ?? []));
  const apart = given === 0 ? '' : `: ${full} at full load and ${given} at given rates`;
  return `${counted(full + given, 'trial')}${apart}`;
}

function roundsText({ rounds, budgetMs }: Summary): string {
  if (budgetMs === null) return `${counted(rounds, 'round')} of every cell`;
  const budget = `within a budget of ${durationText(budgetMs)}`;
  return `${counted(rounds, 'round')} of every cell, then more where no model was known to be within the margin, ${budget}`;
}

const MS_PER_SEC = 1000;
const MS_PER_MIN = 60 * MS_PER_SEC;
const MS_PER_HOUR = 60 * MS_PER_MIN;

const DURING: Readonly<Record<Phase, string>> = {
  spawn: 'until the server answered',
  verify: 'checking its replies',
  connect: 'connecting',
  warmUp: 'warming up',
  leadIn: 'at the rate before the window',
  // Longer than the window: throughput has to be steady before it begins, and the last requests are waited for.
  measure: 'under load',
  verifyAfter: 'checking again',
  stop: 'stopping',
};

/** How long the run took, and a trial of each kind of load. */
export function timeFacts({ elapsedMs, trialsMs, trials }: Times): Fact[] {
  const within = `${lengthText(trialsMs)} within trials`;
  return [
    ['Duration', elapsedMs === null ? within : `${lengthText(elapsedMs)} from start to end, ${within}`],
    ...trials.map(trialFact),
  ];
}

function trialFact({ load, totalMs, phases, windowMs }: TrialTimes): Fact {
  const parts = phases.map(({ phase, ms }) => `${lengthText(ms)} ${DURING[phase]}`);
  const told = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return [
    load === 'capacity' ? 'A trial at full load' : 'A trial at a given rate',
    `${lengthText(totalMs)}${told}; the measured window was ${lengthText(windowMs)} of it (medians over trials)`,
  ];
}

/** `212 ms`, `1.52 s`, `4.10 min`. */
function lengthText(ms: number): string {
  if (ms < MS_PER_SEC) return milliseconds(ms);
  if (ms < MS_PER_MIN) return `${figure(ms / MS_PER_SEC)} s`;
  return ms < MS_PER_HOUR ? `${figure(ms / MS_PER_MIN)} min` : `${figure(ms / MS_PER_HOUR)} h`;
}

/** Every warning with what to do about it. */
export function warningsSection({ warnings }: Summary): Markup {
  const items = warnings.map(
    ({ message, nextStep }) => `<li>${html(message)} <span class="soft">${advice(nextStep)}</span></li>`,
  );
  const content = items.length === 0 ? '<p>None.</p>' : `<ul>\n${items.join('\n')}\n</ul>`;
  return section('warnings', 'Warnings', content);
}

const FAILURE_COLUMNS: readonly Column[] = [
  { head: ['', 'cell'], align: 'left', meaning: 'name' },
  { head: ['', 'round'], align: 'left' },
  { head: ['', 'attempt'], align: 'left' },
  { head: ['', 'reason'], align: 'left' },
  { head: ['', 'message'], align: 'left', meaning: 'prose' },
];

/** Every trial that is not counted, and why. */
export function failuresSection({ failures }: Summary): Markup {
  if (failures.length === 0) return section('failures', 'Failed trials', '<p>None.</p>');
  const rows = failures.map(
    ({ cell, round, attempt, reason }) =>
      ({
        kind: 'measured',
        name: cell,
        mark: null,
        values: [`${round + 1}`, attempt === 0 ? 'first' : `retry ${attempt}`, reason.kind, reason.message],
      }) as const,
  );
  const table = tableMarkup(null, { columns: FAILURE_COLUMNS, rows });
  return section('failures', 'Failed trials', scrolling('Failed trials', table));
}
