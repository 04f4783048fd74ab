/** What a person sees while a run takes its time: a live bar on a terminal, plain lines elsewhere. Always on stderr. */

import { blocks } from '../../../reports/terminal/bars.ts';
import { visible } from '../../../reports/words/escape.ts';
import { figure, milliseconds } from '../../../reports/words/figures.ts';
import { wrap } from '../../../reports/words/wrap.ts';
import type { Stream } from '../../command-line/command.ts';
import type { Standing } from '../../judge/next/settling.ts';
import type { RunListener } from '../../measure/run.ts';
import { faultWords } from '../../plan/faults.ts';
import { isFaultCell } from '../../plan/schedule/faults.ts';
import type { Outlook } from '../../plan/schedule/outlook.ts';
import type { AnyTrial } from '../../plan/schedule/remaining.ts';
import { modelLabel } from '../../plan/schedule/runtimes.ts';
import { isOfYardstick } from '../../plan/schedule/yardstick.ts';
import { mergeLatencies } from '../../stats/latency.ts';
import type { Addition, Cell, FaultRecord, Measurement } from '../../store/schema.ts';
import { columnsOf } from '../formats.ts';

/** Less remaining budget than this is not shown. */
const WORTH_TELLING_MS = 10_000;

/** More cells than this are counted instead of named, so that a line stays a line. */
const MOST_NAMED = 6;

/** Clears the line, and moves to its start. */
export const CLEAR_LINE = '\u001b[2K\r';

export interface Progress extends RunListener {
  /** Says what must be known in any case. */
  warn(text: string): void;
  /** Removes the bar. */
  end(): void;
}

/**
 * Reports on the trials of a run. What is left is taken from the plan, at the pace that trials have had so far. `isQuiet`: says
 * nothing.
 */
export function startProgress(stream: Stream, now: () => number, isQuiet = false): Progress {
  let left: Outlook = { trials: 0, ms: 0, budgetMs: 0 };
  let done = 0;
  /** Since when trials have been running that have not been reported; null when none are. */
  let begun: number | null = null;
  let spentMs = 0;
  /** What the plan expected of the trials that have ended. */
  let expectedMs = 0;
  let running = '';
  const place = (): Place => {
    const pace = expectedMs === 0 ? 1 : spentMs / expectedMs;
    const more =
      left.budgetMs < WORTH_TELLING_MS ? '' : `up to ${durationText(left.budgetMs)} more until all is answered`;
    const elapsedMs = begun === null ? 0 : now() - begun;
    // One that takes longer than expected stays short of its end.
    const trialMs = (pace * left.ms) / Math.max(1, left.trials);
    const part = begun === null || trialMs === 0 ? 0 : Math.min(MOST_OF_A_TRIAL, elapsedMs / trialMs);
    return {
      done,
      total: done + left.trials,
      part,
      left: `${durationText(left.ms * pace - part * trialMs)} left`,
      more,
    };
  };
  const show = isQuiet ? SILENCE : stream.isTTY === true ? bar(stream, place) : lines(stream);
  return {
    preparing: (what) => show.preparing(what),
    told: (what) => show.looked(what),
    planned: (outlook) => {
      left = outlook;
    },
    looked: (standing, more) => show.looked(lookText(standing, more)),
    trialBegins: (cell, round, of) => {
      begun ??= now();
      running = visitText(cell, round, of);
      show.begins(cell, running);
    },
    trialEnded: (trial, outlook) => {
      if (isOfYardstick(trial)) {
        // What it took counts with the trial after it.
        left = outlook;
        return;
      }
      done++;
      // Trials that are reported together took the time of all of them, which then counts with the first.
      spentMs += begun === null ? 0 : now() - begun;
      begun = null;
      // What the trial took away from what is left; that of a mean one when the plan has changed with it.
      const took = left.ms - outlook.ms;
      expectedMs += left.trials - outlook.trials === 1 && took > 0 ? took : left.ms / Math.max(1, left.trials);
      left = outlook;
      show.ended(place(), trial, running);
    },
    warn: (text) => void stream.write(`${stream.isTTY === true ? CLEAR_LINE : ''}warning: ${visible(text)}\n`),
    end: () => show.end(),
  };
}

/** A trial is not over before it has ended. */
const MOST_OF_A_TRIAL = 0.95;

interface Place {
  readonly done: number;
  readonly total: number;
  /** Of the trial that is running, 0 to 1. */
  readonly part: number;
  readonly left: string;
  /** What may come beyond that; empty when nothing does. */
  readonly more: string;
}

interface Display {
  preparing(what: string): void;
  looked(text: string): void;
  /** `what` is what is measured, in words. */
  begins(cell: Cell, what: string): void;
  ended(place: Place, trial: AnyTrial, what: string): void;
  end(): void;
}

const SILENCE: Display = { preparing: () => {}, looked: () => {}, begins: () => {}, ended: () => {}, end: () => {} };

function lines(stream: Stream): Display {
  return {
    preparing: (what) => void stream.write(`${what}\n`),
    looked: (text) => void stream.write(`${text}\n`),
    begins: () => {},
    ended: ({ done, total, left, more }, trial, what) => {
      const place = `[${String(done).padStart(String(total).length)}/${total}]`;
      const parts = [`${place} ${outcomeText(trial, what)}`, left, ...(more === '' ? [] : [more])];
      stream.write(`${parts.join(', ')}\n`);
    },
    end: () => {},
  };
}

const REDRAWN_EVERY_MS = 200;
const SHORTEST_BAR = 8;
const LONGEST_BAR = 24;

/** One line, drawn again and again by the clock, so that it moves during a trial; the timer keeps nothing running. */
function bar(stream: Stream, place: () => Place): Display {
  let running: Cell | null = null;
  let words = '';
  let last: AnyTrial | null = null;
  let drawn = '';
  let timer: NodeJS.Timeout | undefined;
  const draw = (isAnew = false): void => {
    const line = barLine(place(), runningText(running, words, last), columnsOf(stream) - 1);
    if (line !== drawn || isAnew) stream.write(`${CLEAR_LINE}${line}`);
    drawn = line;
  };
  const above = (text: string): void => {
    stream.write(`${CLEAR_LINE}${wrap(text, columnsOf(stream) - 1).join('\n')}\n`);
    if (timer !== undefined) draw(true);
  };
  return {
    preparing: (what) => void stream.write(`${CLEAR_LINE}${what.slice(0, columnsOf(stream) - 1)}`),
    looked: above,
    begins: (cell, what) => {
      running = cell;
      words = isFaultCell(cell) ? what : visible(cell.id);
      timer ??= setInterval(draw, REDRAWN_EVERY_MS).unref();
      draw();
    },
    ended: (_, trial, what) => {
      last = trial;
      if (trial.outcome.status === 'failed') above(outcomeText(trial, what));
      else draw();
    },
    end: () => {
      clearInterval(timer);
      timer = undefined;
      stream.write(CLEAR_LINE);
    },
  };
}

/** `████▌░░░░ 5/24 · 40 s left · single 98/s → cpu/cluster`, cut off where the terminal ends. */
function barLine({ done, total, part, left, more }: Place, running: string, width: number): string {
  // As long however long the words are, or it would seem to go back.
  const size = Math.min(LONGEST_BAR, Math.max(SHORTEST_BAR, Math.floor(width / 5)));
  const share = total === 0 ? 0 : (done + part) / total;
  const words = [`${done}/${total}`, left, running, more].filter((text) => text !== '').join(' · ');
  return `${blocks(share, size).padEnd(size, '░')} ${words}`.slice(0, width);
}

/** The figure of the last trial, and what is measured now; of the same scenario it is enough to name the last one's model. */
function runningText(running: Cell | null, now: string, last: AnyTrial | null): string {
  if (last === null) return now;
  const isSame = running !== null && last.cell.startsWith(`${running.scenario}/`);
  const name = visible(isSame ? last.cell.slice(running.scenario.length + 1) : last.cell);
  return `${name} ${shortOutcome(last)} → ${now}`;
}

function shortOutcome(trial: AnyTrial): string {
  if (trial.outcome.status === 'failed') return 'failed';
  if ('record' in trial.outcome) return `${lostIn(trial.outcome.record)} lost`;
  return `${figure(trial.outcome.measurement.requestsPerSec)}/s`;
}

function lostIn({ trace }: FaultRecord): number {
  // Every second number is a count, behind that of its bin.
  return sum(trace.lost.flatMap(({ bins }) => bins.filter((_, i) => i % 2 === 1)));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, one) => total + one, 0);
}

/** `2 of 3 scenarios answered; 2 more rounds of cpu/cluster, cpu/fork-pool`, or of so many cells; or why there are no more. */
function lookText(standing: Standing, more: readonly Addition[]): string {
  const { settled, of, counted = 'scenario' } = standing;
  const so = `${settled} of ${of} ${counted}${of === 1 ? '' : 's'} ${counted === 'scenario' ? 'answered' : 'settled'}`;
  if (more.length === 0) return settled === of ? so : `${so}; ${whyNoMore(standing)}`;
  const counts = [...new Set(more.map(({ rounds }) => rounds.length))];
  const parts = counts.map((count) => {
    const cells = more.flatMap((one) => (one.rounds.length === count ? one.cells.map(({ id }) => visible(id)) : []));
    const which = cells.length > MOST_NAMED ? `${cells.length} cells` : cells.join(', ');
    return `${count} more round${count === 1 ? '' : 's'} of ${which}`;
  });
  return `${so}; ${parts.join(', ')}`;
}

/** Of a standing in which not all is settled, when nothing is added. */
function whyNoMore({ settled, of, hopeless, unjudged = 0 }: Standing): string {
  if (settled + hopeless < of) return 'the budget is spent';
  if (unjudged === of) return 'nothing could be judged';
  const [one, several] = settled === 0 ? ['it', 'them'] : ['the other one', 'the others'];
  return `more rounds would not decide ${hopeless === 1 ? one : several}`;
}

/** `hello/cluster, round 2`; of faults in words: `hello: a killed worker under cluster, round 2 of 5`. */
function visitText(cell: Cell, round: number, of?: number): string {
  const rounds = `round ${round + 1}${of === undefined ? '' : ` of ${of}`}`;
  if (!isFaultCell(cell)) return `${visible(cell.id)}, ${rounds}`;
  const { fault, restarts } = cell.load;
  const restart = restarts ? '' : ' without restarts';
  return visible(`${cell.scenario}: ${faultWords(fault)} under ${modelLabel(cell.model)}${restart}, ${rounds}`);
}

/** `what` is what was measured, in words. */
function outcomeText(trial: AnyTrial, what: string): string {
  const { cell, round, attempt, outcome } = trial;
  const again = attempt === 0 ? '' : `, attempt ${attempt + 1}`;
  const where = trial.type === 'fault-trial' ? `${what}${again}` : `${cell}, round ${round + 1}${again}`;
  if (outcome.status === 'failed') return `${where}: failed, ${visible(outcome.reason.message)}`;
  return `${where}: ${'record' in outcome ? lostText(outcome.record) : measuredText(outcome.measurement)}`;
}

function lostText(record: FaultRecord): string {
  const due = sum(record.trace.due);
  const gone = record.isUp ? '' : ', and the server answers no more';
  return `${lostIn(record).toLocaleString('en-US')} of ${due.toLocaleString('en-US')} requests lost${gone}`;
}

function measuredText({ requestsPerSec, latencyHistogram, open }: Measurement): string {
  const rate = `${Math.round(requestsPerSec).toLocaleString('en-US')} requests/s`;
  const latency = open === null ? null : mergeLatencies([latencyHistogram]);
  if (latency === null) return rate;
  const figure = latency.p90 === null ? `p50 ${milliseconds(latency.p50)}` : `p90 ${milliseconds(latency.p90)}`;
  return `${rate}, ${figure}`;
}

/** One line that is overwritten on a terminal, and a line each elsewhere; nothing where `isQuiet`. */
export function stepLine(stream: Stream, isQuiet = false): { show(text: string): void; end(): void } {
  let shown = false;
  return {
    show: (text) => {
      if (isQuiet) return;
      stream.write(stream.isTTY === true ? `${CLEAR_LINE}${text.slice(0, columnsOf(stream) - 1)}` : `${text}\n`);
      shown = true;
    },
    end: () => {
      if (shown && stream.isTTY === true) stream.write(CLEAR_LINE);
      shown = false;
    },
  };
}

/** `1 min 5 s`, never more exact than an estimate deserves. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
