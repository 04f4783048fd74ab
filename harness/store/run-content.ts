/** What the lines of a run file come to, one after the other: the same while it is written and when it is read. */
import { isHistogram } from '../stats/histogram.ts';
import type { Addition, End, FaultTrial, Line, Manifest, Recalibration, Run, Trial } from './schema.ts';

/** Every line but the first. */
export type NextLine = Exclude<Line, Manifest>;

/** The content of a run file so far. */
export class RunContent {
  #manifest: Manifest;
  #end: End | null = null;
  readonly #additions: Addition[] = [];
  readonly #trials: Trial[] = [];
  readonly #yardstick: Trial[] = [];
  readonly #faulted: FaultTrial[] = [];
  /** Whether the cells of this name have faults. */
  readonly #known: Map<string, boolean>;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    this.#known = new Map(manifest.cells.map(({ id, load }) => [id, load.kind === 'fault']));
  }

  get run(): Run {
    const { faults, yardstick } = this.#manifest;
    return {
      ...{ manifest: this.#manifest, additions: [...this.#additions], trials: [...this.#trials], end: this.#end },
      yardstick: yardstick === null ? undefined : [...this.#yardstick],
      faulted: faults === null ? undefined : [...this.#faulted],
    };
  }

  /**
   * Why a line cannot be the next one, as the end of a sentence about it; null when it can. To unpack its histograms takes most of the
   * time, and is of no use where a checksum has shown that they are those that were written.
   */
  objectionTo(line: Line, { isIntact }: { readonly isIntact: boolean }): string | null {
    if (line.type === 'manifest') return 'is a second plan, as if two run files were put together';
    if (line.type !== 'trial' && line.type !== 'fault-trial') return null;
    // The two kinds have different records, so one in the place of the other is no trial of this cell.
    const isKnown = this.#isYardstick(line) || this.#known.get(line.cell) === (line.type === 'fault-trial');
    if (!isKnown) return `is a trial of cell '${line.cell}', which the plan does not have`;
    const isReadable = isIntact || histogramsIn(line).every(isHistogram);
    return isReadable ? null : 'is damaged: it has a histogram that cannot be read';
  }

  /** Takes in a line to which there is no objection. */
  add(line: Line): void {
    if (line.type === 'manifest') return;
    switch (line.type) {
      case 'calibration':
        this.#manifest = withCalibration(this.#manifest, line);
        break;
      case 'end':
        this.#end = line;
        break;
      case 'resume':
        this.#end = null;
        this.#manifest = { ...this.#manifest, budgetMs: line.budgetMs ?? this.#manifest.budgetMs };
        break;
      case 'addition':
        this.#additions.push(line);
        for (const { id, load } of line.cells) this.#known.set(id, load.kind === 'fault');
        break;
      case 'trial':
        (this.#isYardstick(line) ? this.#yardstick : this.#trials).push(line);
        break;
      case 'fault-trial':
        this.#faulted.push(line);
        break;
      default:
        line satisfies never;
    }
  }

  #isYardstick({ cell, type }: Trial | FaultTrial): boolean {
    return type === 'trial' && cell === this.#manifest.yardstick?.cell.id;
  }
}

function histogramsIn({ outcome }: Trial | FaultTrial): readonly string[] {
  if (outcome.status === 'failed' || !('measurement' in outcome)) return [];
  const { latencyHistogram, open } = outcome.measurement;
  if (open === null) return [latencyHistogram];
  const { serviceHistogram, sendDelayHistogram, classes } = open;
  return [latencyHistogram, serviceHistogram, sendDelayHistogram, ...classes.map((one) => one.latencyHistogram)];
}

/**
 * The plan with a newer timing of the work of one scenario, and the limit that follows from it. How much work a request has
 * stays as it was: trials before and after have the same. Trials are judged by the newest timing, also those before it.
 */
export function withCalibration(manifest: Manifest, { scenario, calibration, limit }: Recalibration): Manifest {
  return {
    ...manifest,
    scenarios: manifest.scenarios.map((plan) => (plan.id === scenario ? { ...plan, calibration, limit } : plan)),
  };
}
