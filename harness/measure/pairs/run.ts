/** All of an `ab`: rounds until every cell is settled or the budget is spent, or a fixed number of them. */
import { openCells } from '../../judge/change/open.ts';
import { RUN_METRICS, type RunMetric } from '../../judge/metrics/derived.ts';
import { ratesOfSides } from '../../judge/next/rates-of-sides.ts';
import { rateWindowWithin } from '../../plan/schedule/outlook.ts';
import { pairVisits, SIDES, type Side } from '../../plan/schedule/pairs.ts';
import {
  additionsOf,
  type DuePair,
  type IsTogether,
  moreRounds,
  pairsDue,
  pairsOutlook,
  pairsSpentMs,
  roundMs,
} from '../../plan/schedule/pairs-due.ts';
import { givenUp } from '../../plan/schedule/remaining.ts';
import { FIRST_OF_GATE, lookAfter } from '../../stats/looks.ts';
import type { Addition, Cell, Manifest, Run, Trial } from '../../store/schema.ts';
import type { Measuring } from '../measuring.ts';
import { repeatedFor, type RunListener } from '../run.ts';
import type { TrialRequest } from '../trial/request.ts';
import { measurePair } from './pair.ts';
import type { PreparedAb } from './prepare.ts';
import type { BySide } from './sides.ts';

/** What has been recorded of both sides. */
export class AbRecord {
  readonly runs: BySide<Run & { readonly additions: Addition[]; readonly trials: Trial[] }>;
  readonly #write: (side: Side, line: Addition | Trial) => void;

  /** `write` is called with every line before it counts. */
  constructor({ base, head }: PreparedAb, write: (side: Side, line: Addition | Trial) => void) {
    this.#write = write;
    this.runs = {
      base: { manifest: base.manifest, additions: [], trials: [], end: null },
      head: { manifest: head.manifest, additions: [], trials: [], end: null },
    };
  }

  add(side: Side, line: Addition | Trial): void {
    this.#write(side, line);
    if (line.type === 'trial') this.runs[side].trials.push(line);
    else this.runs[side].additions.push(line);
  }

  get trials(): BySide<readonly Trial[]> {
    return { base: this.runs.base.trials, head: this.runs.head.trials };
  }
}

/** The longest window at a rate where the number of rounds is fixed, and no budget says what there is time for. */
const LONGEST_FIXED_MS = 6000;

/** `spentBeforeMs` is the part of the budget that the preparation took. */
export async function measureAb(
  measuring: Measuring,
  prepared: PreparedAb,
  record: AbRecord,
  spentBeforeMs: number,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  const { manifest } = prepared.base;
  const course = new Course({ measuring, prepared, record, spentBeforeMs, listener, signal });
  await course.measure(manifest.cells, numbered(manifest.rounds), manifest.budgetMs === null);
  if (manifest.budgetMs === null) {
    const rates = course.ratesFor(manifest.cells, manifest.rounds, LONGEST_FIXED_MS);
    await course.add(rates, true);
    return;
  }
  while (await course.goOn());
  listener.looked(openCells(record.runs, true).standing, []);
}

interface Ground {
  readonly measuring: Measuring;
  readonly prepared: PreparedAb;
  readonly record: AbRecord;
  readonly spentBeforeMs: number;
  readonly listener: RunListener;
  readonly signal: AbortSignal;
}

/** An `ab` that goes on as long as there is something to settle, and time for it. */
class Course {
  readonly #ground: Ground;
  readonly #manifest: Manifest;
  /** Whether it has been decided which rates are offered. */
  #areRatesKnown: boolean;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#manifest = ground.prepared.base.manifest;
    this.#areRatesKnown = this.#manifest.scenarios.every(({ rates }) => rates.length === 0);
  }

  /**
   * Measures on until the next look: rates first, as soon as there has been a look at capacity, and then whatever is open. What
   * is worse, or fails in head alone, is certain enough: it is not measured on, and its latency is not of interest.
   */
  async goOn(): Promise<boolean> {
    const { record, listener } = this.#ground;
    const { cells } = this.#manifest;
    const { open, broken, standing } = openCells(record.runs, false, this.#comparisonsToCome());
    if (!this.#areRatesKnown && roundsOf(cells, record) >= lookAfter(FIRST_OF_GATE)) {
      this.#areRatesKnown = true;
      const rates = this.#ratesThatFit(cells.filter(({ id }) => !broken.includes(id)));
      if (rates.length > 0) listener.looked(standing, rates);
      await this.add(rates, false);
      if (rates.length > 0) return true;
    }
    const { additions, isLast } = this.#moreOf(open);
    if (additions.length === 0) return false;
    listener.looked(standing, additions);
    await this.add(additions, isLast);
    // A look that the budget brings forward is the last one that the error rate allows.
    return !isLast;
  }

  async add(additions: readonly Addition[], isLast: boolean): Promise<void> {
    const { record } = this.#ground;
    for (const addition of additions) {
      for (const side of SIDES) record.add(side, addition);
    }
    for (const batch of new Set(additions.map((addition) => addition.batch))) {
      const own = additions.filter((addition) => addition.batch === batch);
      const cells = own.flatMap((addition) => addition.cells);
      await this.measure(cells, own[0]?.rounds ?? [], isLast);
    }
  }

  async measure(cells: readonly Cell[], rounds: readonly number[], isLast: boolean): Promise<void> {
    const { measuring, prepared, record, listener, signal } = this.#ground;
    const manifest = this.#manifest;
    const isTogether = this.#isTogether();
    const visits = rounds.flatMap((round) => pairVisits(cells, round, manifest.seed));
    const due = () => pairsDue(visits, record.trials, manifest.retries);
    const outlook = () => pairsOutlook(due(), isLast ? 0 : this.#leftMs(), manifest, isTogether);
    listener.planned(outlook());
    for (let [next] = due(); next !== undefined; [next] = due()) {
      signal.throwIfAborted();
      const report = {
        begins: (side: Side, cell: Cell, round: number) =>
          listener.trialBegins({ ...cell, id: named(cell.id, side) }, round),
        ended: (side: Side, trial: Trial) => {
          record.add(side, trial);
          listener.trialEnded({ ...trial, cell: named(trial.cell, side) }, outlook());
        },
      };
      await measurePair(measuring, prepared, next, isTogether(next.cell.id), report, signal, this.#repeatedFor(next));
    }
  }

  /**
   * Once, and only now and then: the pairs of the other rounds bear with a disturbed one, and a visit that fails as often as it may
   * is the end of its cell. Not for a timing that was wrong: both sides do the same work, however long it takes.
   */
  #repeatedFor({ attempt }: DuePair): TrialRequest['repeatedFor'] {
    const { base, head } = this.#ground.record.trials;
    return attempt > 0 ? [] : repeatedFor([...base, ...head]).filter((kind) => kind === 'disturbed');
  }

  /** The rates of these cells, for so many rounds and for windows of this length at most. */
  ratesFor(cells: readonly Cell[], rounds: number, windowMs: number): readonly Addition[] {
    const { runs } = this.#ground.record;
    const room = { batch: this.#nextBatch(), rounds, windowMs };
    return this.#manifest.scenarios.flatMap((plan) => {
      const own = cells.filter(({ id, scenario }) => scenario === plan.id && !isLost(id, runs));
      const addition = own.length === 0 || plan.rates.length === 0 ? null : ratesOfSides(runs, plan, own, room);
      return addition === null || addition.cells.length === 0 ? [] : [addition];
    });
  }

  /**
   * Nothing is said before the first look, so it is all that leads to it or nothing. Where nobody asked for a budget they are measured
   * in any case: a slow machine makes it late, and should not make it blind.
   */
  #ratesThatFit(cells: readonly Cell[]): readonly Addition[] {
    const rounds = lookAfter(FIRST_OF_GATE);
    const planned = cells.reduce((sum, { scenario }) => sum + this.#ratesIn(scenario), 0);
    const windowMs = rateWindowWithin(this.#leftMs() / (rounds * SIDES.length * Math.max(1, planned)));
    const rates = this.ratesFor(cells, rounds, windowMs);
    const pace = { trials: this.#ground.record.trials, manifest: this.#manifest, isTogether: () => false };
    const neededMs = rates.reduce((sum, addition) => sum + rounds * roundMs(addition.cells, pace), 0);
    if (neededMs <= this.#leftMs() || !this.#ground.prepared.isBudgetAsked) return rates;
    this.#ground.listener.told(
      `latency at a rate is not measured: ${rounds} rounds of it take ${Math.ceil(neededMs / 1000)} s more, which --budget has no room for`,
    );
    return [];
  }

  /** More rounds of open cells: those that have had the fewest come first. */
  #moreOf(open: readonly string[]): { readonly additions: readonly Addition[]; readonly isLast: boolean } {
    const { record } = this.#ground;
    const added = record.runs.base.additions.flatMap((addition) => addition.cells);
    const all = new Map([...this.#manifest.cells, ...added].map((cell) => [cell.id, cell]));
    const byLoad = (['capacity', 'rate'] as const)
      .map((kind) => [...all.values()].filter(({ load }) => load.kind === kind))
      .map((cells) => ({ cells: cells.filter(({ id }) => open.includes(id)), measured: roundsOf(cells, record) }))
      .toSorted((a, b) => a.measured - b.measured);
    const common = { trials: record.trials, manifest: this.#manifest, isTogether: this.#isTogether() };
    let batch = this.#nextBatch();
    let leftMs = this.#leftMs();
    let isLast = false;
    const additions = byLoad.flatMap(({ cells, measured }) => {
      const { rounds, last } = moreRounds({ cells, measured, leftMs, ...common });
      leftMs -= rounds.length * roundMs(cells, common);
      isLast ||= last;
      return rounds.length === 0 ? [] : additionsOf(cells, rounds, batch++);
    });
    return { additions, isLast };
  }

  /** Of latency, when rates have not been decided on: they belong to the family from the start. */
  #comparisonsToCome(): readonly RunMetric[] {
    if (this.#areRatesKnown) return [];
    const metrics = RUN_METRICS.flatMap(({ name, runs }) => (runs === 'rate' ? [name] : []));
    return this.#manifest.cells.flatMap(({ scenario }) => numbered(this.#ratesIn(scenario)).flatMap(() => metrics));
  }

  #ratesIn(scenario: string): number {
    return this.#manifest.scenarios.find(({ id }) => id === scenario)?.rates.length ?? 0;
  }

  #nextBatch(): number {
    return 1 + Math.max(-1, ...this.#ground.record.runs.base.additions.map(({ batch }) => batch));
  }

  #leftMs(): number {
    const { record, spentBeforeMs } = this.#ground;
    return (this.#manifest.budgetMs ?? 0) - spentBeforeMs - pairsSpentMs(record.trials, this.#isTogether());
  }

  /** In a duet at a rate each side would queue behind the other one. */
  #isTogether(): IsTogether {
    const { manifest, additions } = this.#ground.record.runs.base;
    const atRates = new Set(
      additions.flatMap(({ cells }) => cells.flatMap(({ id, load }) => (load.kind === 'rate' ? [id] : []))),
    );
    return (cell) => manifest.ab?.duet === true && !atRates.has(cell);
  }
}

/** Rounds of these cells that were measured, valid or not. */
function roundsOf(cells: readonly Cell[], { runs }: AbRecord): number {
  const ids = new Set(cells.map(({ id }) => id));
  return 1 + Math.max(-1, ...runs.base.trials.flatMap(({ cell, round }) => (ids.has(cell) ? [round] : [])));
}

/** Whether a side was given up in it. */
function isLost(cell: string, { base, head }: BySide<Run>): boolean {
  return [base, head].some(({ trials, manifest }) => givenUp(cell, trials, manifest.retries) !== null);
}

function numbered(count: number): readonly number[] {
  return Array.from({ length: count }, (_, round) => round);
}

function named(cell: string, side: Side): string {
  return `${cell} ${side}`;
}
