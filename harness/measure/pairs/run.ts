/** All of an `ab`: rounds until every cell is settled or the budget is spent, or a fixed number of them. */
import { openCells } from '../../judge/change/open.ts';
import { pairVisits, SIDES, type Side } from '../../plan/schedule/pairs.ts';
import { additionsOf, moreRounds, pairsDue, pairsOutlook, pairsSpentMs } from '../../plan/schedule/pairs-due.ts';
import type { Addition, Cell, Run, Trial } from '../../store/schema.ts';
import type { Measuring } from '../measuring.ts';
import type { RunListener } from '../run.ts';
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
  const { budgetMs, ab } = manifest;
  const duet = ab?.duet === true;
  const leftMs = (): number => (budgetMs ?? 0) - spentBeforeMs - pairsSpentMs(record.trials, duet);

  const measureRounds = async (cells: readonly Cell[], rounds: readonly number[], isLast: boolean): Promise<void> => {
    const visits = rounds.flatMap((round) => pairVisits(cells, round, manifest.seed));
    const due = () => pairsDue(visits, record.trials, manifest.retries);
    const outlook = () => pairsOutlook(due(), isLast ? 0 : leftMs(), manifest, duet);
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
      await measurePair(measuring, prepared, next, duet, report, signal);
    }
  };

  let measured = manifest.rounds;
  await measureRounds(
    manifest.cells,
    Array.from({ length: measured }, (_, round) => round),
    budgetMs === null,
  );
  for (let batch = 0; budgetMs !== null; batch++) {
    const { open, standing } = openCells(record.runs, false);
    const cells = manifest.cells.filter(({ id }) => open.includes(id));
    const { rounds, last } = moreRounds({
      ...{ cells, measured, manifest, duet },
      trials: record.trials,
      leftMs: leftMs(),
    });
    const additions = rounds.length === 0 ? [] : additionsOf(cells, rounds, batch);
    if (additions.length === 0) break;
    listener.looked(standing, additions);
    for (const side of SIDES) for (const addition of additions) record.add(side, addition);
    await measureRounds(cells, rounds, last);
    measured += rounds.length;
    // A look that the budget brings forward is the last one that the error rate allows.
    if (last) break;
  }
  if (budgetMs !== null) listener.looked(openCells(record.runs, true).standing, []);
}

function named(cell: string, side: Side): string {
  return `${cell} ${side}`;
}
