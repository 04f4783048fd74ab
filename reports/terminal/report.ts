/** The report on a terminal: the answer, a few lines per scenario, and what must be known before believing it. */
import { createColors } from 'picocolors';
import { othersText } from '../../harness/judge/answer/behind.ts';
import { changeText, overallAnswer, tailText, verdictLine } from '../../harness/judge/answer/decision.ts';
import { lossText } from '../../harness/judge/answer/loss.ts';
import { findingOf } from '../../harness/judge/answer/finding.ts';
import type { Answer } from '../../harness/judge/schema/answer.ts';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { capital, scenarioTitle } from '../../harness/judge/words.ts';
import { cellNames, limitTexts, machineLines, settings } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { given } from '../words/figures.ts';
import { rateFigure } from '../words/rates.ts';
import { incompleteText, type Several, saidOf, textsOf } from '../words/runs.ts';
import { unsteadyLine } from '../words/steadiness.ts';
import { paragraph, WIDTH, wrap, wrapItems } from '../words/wrap.ts';
import { barLines } from './bars.ts';
import { detailBlocks, failureLines, footNotes } from './details.ts';
import { faultBlocks } from './faults.ts';
import { captionsOf, measureOf, rateShown, rowsOf } from './figures.ts';
import { rateBlocks } from './rates.ts';
import { seriesBlock } from './series.ts';
import type { Colours } from './text-table.ts';
import { saidOnce } from './warnings.ts';

interface Asked {
  readonly colour: boolean;
  /** In columns; every line fits into it. */
  readonly width?: number | undefined;
  /** Whether tables of intervals, pairs, costs and latency are to stand below each scenario. */
  readonly detail?: boolean | undefined;
}

const SEPARATOR = ' · ';
/** From here on a screen scrolls, and warnings are told without what to do about them. */
const MOST_LINES = 50;
/** Before every line of a warning but its first. */
const HANGING = '  ';

/** The report for a terminal: the answer first, with colours only where they are asked for. */
export function textReport(summary: Several<Summary>, { colour, width = WIDTH, detail = false }: Asked): string {
  const asked = { c: createColors(colour), width, detail };
  // At one width, so that the same is said at every width.
  const isLong = !detail && drawn(summary, { ...asked, width: WIDTH }, true).split('\n').length > MOST_LINES;
  return drawn(summary, asked, !isLong);
}

interface Look {
  readonly c: Colours;
  readonly width: number;
  readonly detail: boolean;
}

/** `hasSteps`: whether each warning says what to do about it. */
function drawn(summary: Several<Summary>, { c, width, detail }: Look, hasSteps: boolean): string {
  const shared = sharedSettings(summary);
  const { series = [] } = summary;
  const points = new Set(series.flatMap((one) => one.points.map(({ scenario }) => scenario)));
  const blocks = [
    answerBlock(summary, width, c),
    ...series.map((one) => seriesBlock(one, summary, width, c)),
    ...summary.scenarios
      .filter(({ id }) => detail || !points.has(id))
      .flatMap((scenario) => [
        scenarioBlock(scenario, shared, width, c),
        ...rateBlocks(scenario, width, c),
        ...faultBlocks(scenario, width, c),
        ...(detail ? detailBlocks(summary, scenario, width, c) : []),
      ]),
    aboutLines(summary, shared, detail, width).map(c.dim).join('\n'),
    closing(summary, { detail, hasSteps }, width, c).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function answerBlock(summary: Several<Summary>, width: number, c: Colours): string {
  const answers = textsOf(summary, overallAnswer).flatMap((text) => paragraph(text, width).split('\n'));
  return answers.map(c.bold).join('\n');
}

/** Conditions that are the same in every scenario are said once, at the end. */
function sharedSettings({ scenarios }: Several<Summary>): readonly string[] {
  const [first = [], ...others] = scenarios.map(settings);
  return first.filter((text) => others.every((other) => other.includes(text)));
}

function scenarioBlock(
  scenario: Several<ScenarioSummary>,
  shared: readonly string[],
  width: number,
  c: Colours,
): string {
  const measure = measureOf(scenario);
  const sentences = textsOf(scenario, standing).flatMap((text) => paragraph(text, width).split('\n'));
  return [
    ...headingLines(scenario, shared, width, c),
    ...captionsOf(scenario, measure).flatMap((text) => wrap(visible(text), width).map(c.dim)),
    ...barLines(rowsOf(scenario, measure), width, c),
    ...sentences,
  ].join('\n');
}

/** Its name in bold, what its requests ask for in words, the most that can be served, and conditions of its own. */
function headingLines(
  scenario: Several<ScenarioSummary>,
  shared: readonly string[],
  width: number,
  c: Colours,
): string[] {
  const title = visible(scenarioTitle(scenario));
  const words = scenario.inWords === null ? [] : [scenario.inWords];
  const own = settings(scenario).filter((text) => !shared.includes(text));
  const lines = wrapItems([title, ...[...words, ...mostTexts(scenario), ...own].map(visible)], SEPARATOR, width);
  return lines.map((line, i) =>
    i === 0 && line.startsWith(title) ? `${c.bold(title)}${c.dim(line.slice(title.length))}` : c.dim(line),
  );
}

/** `2 CPUs can do at most 201/s`. */
function mostTexts(scenario: Several<ScenarioSummary>): string[] {
  const { limit } = scenario;
  if (limit === null) return limitTexts(scenario);
  const most = `can do at most ${given(limit.requestsPerSec)}/s`;
  return limit.kind === 'cpu'
    ? [`${given(limit.cpus)} ${limit.cpus === 1 ? 'CPU' : 'CPUs'} ${most}`]
    : [`${given(limit.connections)} connections ${most}`];
}

/** What is certain and what is open, and how far those are behind that are not as good. */
function standing(scenario: ScenarioSummary): string {
  const { answers, decision } = scenario;
  const measure = measureOf(scenario);
  const at = measure.kind === 'throughput' ? null : measure.offeredPerSec;
  const answer = answers.find(({ metric, offeredPerSec }) => metric === measure.kind && offeredPerSec === at);
  const isDecisive = measure.kind === 'throughput' || at !== null || decision !== null;
  const rest = isDecisive ? behindText(scenario, answer) : findingOf(scenario, measure.kind, at);
  const tail = tailText(scenario) || foundTail(scenario);
  const parts = [verdictLine(scenario), rest, lossText(scenario.cells), tail, changeText(scenario)].filter(
    (text) => text !== null && text !== '',
  );
  return `${capital(parts.join('; '))}.`;
}

function behindText(scenario: ScenarioSummary, answer: Answer | undefined): string {
  if (answer === undefined || answer.best.length === 0) return '';
  const names = cellNames(scenario);
  const said = scenario.decision?.among ?? answer.best;
  const others = answer.models.flatMap(({ cell }) => (said.includes(cell) ? [] : [cell]));
  return othersText(answer, others, (id) => names.get(id) ?? id);
}

/** What was found in p99 at a rate that all were offered, where all can be compared. */
function foundTail(scenario: ScenarioSummary): string | null {
  const rate = rateShown(scenario, measureOf(scenario));
  if (rate === null) return null;
  const isThis = (one: Answer): boolean =>
    one.metric === 'latency-p99' && one.offeredPerSec === rate.offeredPerSec && one.models.length === rate.cells.length;
  if (!scenario.answers.some(isThis)) return null;
  const finding = findingOf(scenario, 'latency-p99', rate.offeredPerSec);
  return finding === null ? null : `at ${rateFigure(rate.offeredPerSec)}/s ${finding}`;
}

/** What all scenarios were measured with, and how to read the tables that are shown. */
function aboutLines(summary: Several<Summary>, shared: readonly string[], detail: boolean, width: number): string[] {
  return [
    ...wrapItems(shared.map(visible), SEPARATOR, width),
    ...[...machineLines(summary), ...saidOf(summary, unsteadyLine)].flatMap((line) => wrap(visible(line), width)),
    ...(detail ? footNotes(summary, width) : []),
  ];
}

/** With what to do about each warning, or where that is said. */
function closing(
  summary: Several<Summary>,
  { detail, hasSteps }: { readonly detail: boolean; readonly hasSteps: boolean },
  width: number,
  c: Colours,
): string[] {
  const incomplete = incompleteText(summary);
  const marked = (marker: string, text: string): string =>
    wrap(visible(`${marker}: ${text}`), width - HANGING.length)
      .map((line, i) => (i === 0 ? line.replace(marker, c.yellow(marker)) : `${HANGING}${line}`))
      .join('\n');
  return [
    ...(incomplete === null
      ? []
      : [c.yellow(paragraph(`${incomplete}: not every planned trial was measured.`, width))]),
    ...saidOnce(summary).map(({ messages, nextStep }) => {
      if (messages.length === 0) return marked('hint', nextStep ?? '');
      const steps = nextStep === null || !hasSteps ? [] : [nextStep];
      return marked('warning', [messages.join('; '), ...steps].join(' → '));
    }),
    ...(hasSteps
      ? []
      : [c.dim(paragraph('What to do about each warning is in the page, and printed with --detail.', width))]),
    ...failureLines(summary, detail, width, c),
  ];
}
