/** What `doctor --noise` prints on a terminal. */
import { createColors } from 'picocolors';
import type {
  AaMetric,
  MetricResolution,
  Resolved,
  Way,
  WayResolution,
} from '../../harness/doctor/noise/resolution.ts';
import { percent as marginText } from '../../harness/judge/words.ts';
import { plainTable } from '../terminal/text-table.ts';
import { counted, MISSING } from '../words/figures.ts';
import { paragraph, WIDTH } from '../words/wrap.ts';

/** With fewer, the spread is not known to a quarter of itself. */
const ENOUGH_ROUNDS = 8;

/** What `fourways doctor --noise --format json` prints. */
export interface Resolution {
  readonly version: string;
  readonly startedAt: string;
  readonly seed: number;
  /** Id of the scenario plan, such as `cpu:ms=2`. */
  readonly scenario: string;
  readonly model: string;
  /** Differences up to this share do not matter. */
  readonly margin: number;
  /** For all of it, in milliseconds. */
  readonly budgetMs: number;
  /** Time that went by before the first trial. */
  readonly preparingMs: number;
  /** Chance with which a change is to be found. */
  readonly power: number;
  readonly ways: readonly WayResolution[];
}

export const WAY_WORDS: Readonly<Record<Way, string>> = { 'in-turn': 'in turn', duet: 'duet' };
const COMMANDS: Readonly<Record<Way, string>> = { 'in-turn': 'fourways ab', duet: 'fourways ab --duet' };
const METRIC_WORDS: Readonly<Record<AaMetric, string>> = {
  throughput: 'requests/s',
  'cpu-per-request': 'CPU time per request',
};

/** Whether both ways gave a result without a false alarm. */
export function isTrusted({ ways }: Resolution): boolean {
  return ways.every(({ failure, metrics }) => failure === null && metrics.every(({ falseAlarm }) => !falseAlarm));
}

/** A table, what can be detected within the budget, and what went wrong. */
export function resolutionText(
  resolution: Resolution,
  { colour, width = WIDTH }: { readonly colour: boolean; readonly width?: number },
): string {
  const c = createColors(colour);
  const { ways, scenario, model, power, margin } = resolution;
  const table = tableOf(ways, c.dim);
  const about = `${scenario}/${model} compared with itself. Under each budget: the smallest change that fourways ab would detect with a power of ${percent(power)}, beyond a margin of ${marginText(margin)}; in brackets: the rounds that fit into the budget.`;
  const blocks = [
    paragraph(about, width),
    ...(table === null ? [] : [table]),
    ...[sentenceOf(resolution), basisOf(ways)].flatMap((text) => (text === null ? [] : [paragraph(text, width)])),
    ...troubles(ways).map((text) => c.red(paragraph(text, width))),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function tableOf(ways: readonly WayResolution[], dim: (text: string) => string): string | null {
  const rows = ways.flatMap((way) => way.metrics.map((metric) => ({ way, metric })));
  const [first] = rows;
  if (first === undefined) return null;
  const budgets = first.metric.resolves.map(({ budgetMs }) => `in ${budgetText(budgetMs)}`);
  return plainTable({
    head: ['way', 'metric', 'rounds', 'sd', 'largest', ...budgets, 'A/A verdict'].map(dim),
    aligns: ['left', 'left', 'right', 'right', 'right', ...budgets.map(() => 'right' as const), 'left'],
    rows: rows.map(({ way, metric }) => [
      ...[WAY_WORDS[way.way], METRIC_WORDS[metric.metric], String(way.rounds)],
      ...[percentOrDash(metric.sdLogRatio), percentOrDash(metric.largest)],
      ...metric.resolves.map(({ change, rounds }) => `${percentOrDash(change)} (${rounds})`),
      metric.falseAlarm ? `${metric.verdict}: false` : metric.verdict,
    ]),
    gap: 1,
  }).join('\n');
}

/** What the better of both ways detects within the budget; null when neither detects anything. */
export function sentenceOf({ ways, budgetMs }: Resolution): string | null {
  const found = ways.map(({ way, metrics }) => ({ way, changes: metrics.flatMap((one) => changeIn(one, budgetMs)) }));
  const [best] = found
    .filter(({ changes }) => changes.length > 0)
    .toSorted((a, b) => smallest(a.changes) - smallest(b.changes));
  if (best === undefined) return null;
  const [first, second] = best.changes.map(({ change, metric }) => `${percent(change)} in ${METRIC_WORDS[metric]}`);
  const more = second === undefined ? '' : `, and of ${second}`;
  return `In ${budgetText(budgetMs)}, '${COMMANDS[best.way]}' resolves a change of ${first} here${more}.`;
}

interface Change {
  readonly metric: AaMetric;
  readonly change: number;
}

function changeIn({ metric, resolves }: MetricResolution, budgetMs: number): readonly Change[] {
  const isAsked = (one: Resolved): boolean => one.budgetMs === budgetMs;
  return resolves.filter(isAsked).flatMap(({ change }) => (change === null ? [] : [{ metric, change }]));
}

function smallest(changes: readonly Change[]): number {
  return Math.min(...changes.map(({ change }) => change));
}

/** A standard deviation about a known mean is itself known to 1 ÷ √(2n) of it (for normal noise). */
function basisOf(ways: readonly WayResolution[]): string | null {
  const known = ways.filter(({ failure }) => failure === null);
  if (known.length === 0) return null;
  const bases = known.map(
    ({ way, rounds }) =>
      `±${percent(1 / Math.sqrt(2 * rounds))} from ${rounds} rounds ${way === 'duet' ? 'as a duet' : 'in turn'}`,
  );
  const lead = known.some(({ rounds }) => rounds < ENOUGH_ROUNDS) ? 'This is a rough estimate: the' : 'The';
  return `${lead} sd is known to about ${bases.join(' and ')}; a longer --budget gives more.`;
}

function troubles(ways: readonly WayResolution[]): readonly string[] {
  return ways.flatMap(({ way, failure, failedTrials, metrics }) => [
    ...(failure === null ? [] : [`${WAY_WORDS[way]}: no result, trials failed: ${failure}`]),
    ...(failure === null && failedTrials > 0
      ? [
          `${WAY_WORDS[way]}: ${counted(failedTrials, 'trial')} failed and ${failedTrials === 1 ? 'was' : 'were'} retried`,
        ]
      : []),
    ...metrics.flatMap(({ metric, verdict, falseAlarm, reason }) => {
      const where = `${WAY_WORDS[way]}, ${METRIC_WORDS[metric]}`;
      if (falseAlarm) return [`false alarm: ${where}: one of two equal sides was judged ${verdict} (${reason})`];
      return verdict === 'invalid' ? [`${where}: cannot be judged here: ${reason}`] : [];
    }),
  ]);
}

function percentOrDash(share: number | null): string {
  return share === null ? MISSING : percent(share);
}

/** `6.2%`, `14%`; what is more than double is beyond use, whatever it is. */
function percent(share: number): string {
  if (share > 1) return '>100%';
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)}%`;
}

/** As it would be given: `90 s`, `5 min`. */
function budgetText(ms: number): string {
  const isMinutes = ms > 60_000 && ms % 60_000 === 0;
  return isMinutes ? `${ms / 60_000} min` : `${Number((ms / 1000).toFixed(1))} s`;
}
