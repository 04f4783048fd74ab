/** What a person sees while a run takes its time: a live bar on a terminal, plain lines elsewhere. Always on stderr. */

import { Presets, SingleBar } from 'cli-progress';
import { visible } from '../reports/escape.ts';
import type { Stream } from './io.ts';
import type { RunListener } from './measure/run.ts';
import type { Trial } from './store/schema.ts';

export interface Progress extends RunListener {
  /** Removes the bar. */
  end(): void;
}

/** Reports on `guess` trials, or as many as the plan turns out to have. `expectedMs` is the guess for one trial until some have been timed. */
export function startProgress(stream: Stream, guess: number, expectedMs: number, now: () => number): Progress {
  let total = guess;
  let done = 0;
  let begun = 0;
  let spent = 0;
  const left = (): string => {
    const each = done === 0 ? expectedMs : spent / done;
    return durationText((total - done) * each);
  };
  const show = stream.isTTY === true ? bar(stream) : lines(stream);
  return {
    preparing: (what) => show.preparing(what),
    planned: (due) => {
      total = due;
    },
    trialBegins: (cell) => {
      begun = now();
      show.update({ done, total, left: left() }, cell);
    },
    trialEnded: (trial, due) => {
      done++;
      total = done + due;
      spent += now() - begun;
      show.ended({ done, total, left: left() }, trial);
    },
    end: () => show.end(),
  };
}

interface Standing {
  readonly done: number;
  readonly total: number;
  readonly left: string;
}

interface Display {
  preparing(what: string): void;
  update(standing: Standing, cell: string): void;
  ended(standing: Standing, trial: Trial): void;
  end(): void;
}

function lines(stream: Stream): Display {
  return {
    preparing: (what) => void stream.write(`${what}\n`),
    update: () => {},
    ended: ({ done, total, left }, trial) =>
      void stream.write(
        `[${String(done).padStart(String(total).length)}/${total}] ${outcomeText(trial)}, ${left} left\n`,
      ),
    end: () => {},
  };
}

function bar(stream: Stream): Display {
  const single = new SingleBar(
    {
      format: '{bar} {value}/{total} · {left} left · {cell}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    preparing: (what) => void stream.write(`\u001b[2K\r${what}\r`),
    update: ({ done, total, left }, cell) => {
      if (!started) single.start(total, done, { cell, left });
      started = true;
      single.update(done, { cell, left });
    },
    ended: ({ done, total, left }, trial) => {
      if (trial.outcome.status === 'failed') stream.write(`\u001b[2K\r${outcomeText(trial)}\n`);
      single.setTotal(total);
      single.update(done, { left });
    },
    end: () => {
      if (started) single.stop();
      else stream.write('\u001b[2K\r');
    },
  };
}

function outcomeText({ cell, round, attempt, outcome }: Trial): string {
  const again = attempt === 0 ? '' : `, try ${attempt + 1}`;
  const where = `${cell}, round ${round + 1}${again}`;
  if (outcome.status === 'failed') return `${where}: failed, ${visible(outcome.reason.message)}`;
  return `${where}: ${Math.round(outcome.measurement.requestsPerSec).toLocaleString('en-US')} requests/s`;
}

/** `1 min 5 s`, never more exact than an estimate deserves. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
