/** What a person sees while a run takes its time: a live bar on a terminal, plain lines elsewhere. Always on stderr. */

import { Presets, SingleBar } from 'cli-progress';
import { visible } from '../../../reports/words/escape.ts';
import { milliseconds } from '../../../reports/words/figures.ts';
import type { Stream } from '../../command-line/command.ts';
import type { Standing } from '../../judge/next/settling.ts';
import type { RunListener } from '../../measure/run.ts';
import type { Outlook } from '../../plan/schedule/outlook.ts';
import { mergeLatencies } from '../../stats/latency.ts';
import type { Addition, Trial } from '../../store/schema.ts';

/** Less remaining budget than this is not shown. */
const WORTH_TELLING_MS = 10_000;

/** More cells than this are counted instead of named, so that a line stays a line. */
const MOST_NAMED = 6;

/** Clears the line, and moves to its start. */
export const CLEAR_LINE = '\u001b[2K\r';

export interface Progress extends RunListener {
  /** Removes the bar. */
  end(): void;
}

/** Reports on the trials of a run. What is left is taken from the plan, at the pace that trials have had so far. */
export function startProgress(stream: Stream, now: () => number): Progress {
  let left: Outlook = { trials: 0, ms: 0, budgetMs: 0 };
  let done = 0;
  /** Since when trials have been running that have not been reported; null when none are. */
  let begun: number | null = null;
  let spentMs = 0;
  /** What the plan expected of the trials that have ended. */
  let expectedMs = 0;
  const place = (): Place => {
    const pace = expectedMs === 0 ? 1 : spentMs / expectedMs;
    const more =
      left.budgetMs < WORTH_TELLING_MS ? '' : `, up to ${durationText(left.budgetMs)} more until all is answered`;
    return { done, total: done + left.trials, left: `${durationText(left.ms * pace)} left${more}` };
  };
  const show = stream.isTTY === true ? bar(stream) : lines(stream);
  return {
    preparing: (what) => show.preparing(what),
    planned: (outlook) => {
      left = outlook;
    },
    looked: (standing, more) => show.looked(lookText(standing, more)),
    trialBegins: (cell) => {
      begun ??= now();
      show.update(place(), cell.id);
    },
    trialEnded: (trial, outlook) => {
      done++;
      // Trials that are reported together took the time of all of them, which then counts with the first.
      spentMs += begun === null ? 0 : now() - begun;
      begun = null;
      // What the trial took away from what is left; that of a mean one when the plan has changed with it.
      const took = left.ms - outlook.ms;
      expectedMs += left.trials - outlook.trials === 1 && took > 0 ? took : left.ms / Math.max(1, left.trials);
      left = outlook;
      show.ended(place(), trial);
    },
    end: () => show.end(),
  };
}

interface Place {
  readonly done: number;
  readonly total: number;
  readonly left: string;
}

interface Display {
  preparing(what: string): void;
  looked(text: string): void;
  update(place: Place, cell: string): void;
  ended(place: Place, trial: Trial): void;
  end(): void;
}

function lines(stream: Stream): Display {
  return {
    preparing: (what) => void stream.write(`${what}\n`),
    looked: (text) => void stream.write(`${text}\n`),
    update: () => {},
    ended: ({ done, total, left }, trial) =>
      void stream.write(`[${String(done).padStart(String(total).length)}/${total}] ${outcomeText(trial)}, ${left}\n`),
    end: () => {},
  };
}

function bar(stream: Stream): Display {
  const single = new SingleBar(
    {
      format: '{bar} {value}/{total} · {left} · {cell}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    preparing: (what) => void stream.write(`${CLEAR_LINE}${what}\r`),
    looked: (text) => void stream.write(`${CLEAR_LINE}${text}\n`),
    update: ({ done, total, left }, cell) => {
      if (!started) single.start(total, done, { cell, left });
      started = true;
      single.update(done, { cell, left });
    },
    ended: ({ done, total, left }, trial) => {
      if (trial.outcome.status === 'failed') stream.write(`${CLEAR_LINE}${outcomeText(trial)}\n`);
      single.setTotal(total);
      single.update(done, { left });
    },
    end: () => {
      if (started) single.stop();
      else stream.write(CLEAR_LINE);
    },
  };
}

/** `2 of 3 scenarios answered; 2 more rounds of cpu/cluster, cpu/fork-pool`, or of so many cells; or why there are no more. */
function lookText(standing: Standing, more: readonly Addition[]): string {
  const { settled, of, counted = 'scenario' } = standing;
  const so = `${settled} of ${of} ${counted}${of === 1 ? '' : 's'} ${counted === 'scenario' ? 'answered' : 'settled'}`;
  const [first] = more;
  if (first === undefined) return settled === of ? so : `${so}; ${whyNoMore(standing)}`;
  const cells = more.flatMap((addition) => addition.cells.map(({ id }) => visible(id)));
  const which = cells.length > MOST_NAMED ? `${cells.length} cells` : cells.join(', ');
  return `${so}; ${first.rounds.length} more round${first.rounds.length === 1 ? '' : 's'} of ${which}`;
}

/** Of a standing in which not all is settled, when nothing is added. */
function whyNoMore({ settled, of, hopeless, unjudged = 0 }: Standing): string {
  if (settled + hopeless < of) return 'the budget is spent';
  if (unjudged === of) return 'nothing could be judged';
  const [one, several] = settled === 0 ? ['it', 'them'] : ['the other one', 'the others'];
  return `more rounds would not decide ${hopeless === 1 ? one : several}`;
}

function outcomeText({ cell, round, attempt, outcome }: Trial): string {
  const again = attempt === 0 ? '' : `, attempt ${attempt + 1}`;
  const where = `${cell}, round ${round + 1}${again}`;
  if (outcome.status === 'failed') return `${where}: failed, ${visible(outcome.reason.message)}`;
  const { requestsPerSec, latencyHistogram, open } = outcome.measurement;
  const rate = `${Math.round(requestsPerSec).toLocaleString('en-US')} requests/s`;
  const latency = open === null ? null : mergeLatencies([latencyHistogram]);
  if (latency === null) return `${where}: ${rate}`;
  const figure = latency.p90 === null ? `p50 ${milliseconds(latency.p50)}` : `p90 ${milliseconds(latency.p90)}`;
  return `${where}: ${rate}, ${figure}`;
}

/** One line that is overwritten on a terminal, and a line each elsewhere. */
export function stepLine(stream: Stream): { show(text: string): void; end(): void } {
  let shown = false;
  return {
    show: (text) => {
      stream.write(stream.isTTY === true ? `${CLEAR_LINE}${text}` : `${text}\n`);
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
