/** What the points of a series say together: how many workers, the law that they follow, and from where on a model is ahead. */
import { crossingOf } from '../../stats/series/crossing.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import { looksAt } from '../../stats/looks.ts';
import { scalabilityOf } from '../../stats/series/scalability.ts';
import { partsOf } from '../../plan/schedule/runtimes.ts';
import type { Manifest } from '../../store/schema.ts';
import { seriesSentence } from '../answer/series.ts';
import { answersOf, throughputFigures } from '../models/answers.ts';
import { ANSWER_ERROR, contestOf, type Figures } from '../models/contest.ts';
import { type Judging, rankOf } from '../models/judging.ts';
import { keeping } from '../models/keeping.ts';
import type { SeriesModel, SeriesSummary } from '../schema/series.ts';
import type { CellSummary, ScenarioSummary } from '../schema/summary.ts';

/** A point of a series with what was measured there. */
interface Point {
  readonly value: number;
  readonly cells: readonly CellSummary[];
}

/** A model at all points. */
interface Row {
  readonly cells: readonly (CellSummary & { readonly value: number; readonly figures: Figures })[];
}

/** `scenarios` are those of the summary. */
export function seriesSummaries(
  manifest: Manifest,
  scenarios: readonly Pick<ScenarioSummary, 'id' | 'cells'>[],
  judging: Judging,
): SeriesSummary[] {
  return manifest.series.map((series): SeriesSummary => {
    const points = series.points.map(({ scenario, value }): Point => {
      return { value, cells: scenarios.find(({ id }) => id === scenario)?.cells ?? [] };
    });
    const rows = rowsOf(points, series.along.kind);
    const isWorkers = series.along.kind === 'workers';
    const asked = isWorkers ? answersOf({ cells: deployments(rows), latency: null }, judging, rankOf(manifest)) : null;
    const answer = asked?.answers.find(({ metric }) => metric === 'throughput') ?? null;
    const told = {
      ...series,
      answer,
      decision: answer === null && asked?.decision?.why !== 'only' ? null : (asked?.decision ?? null),
      models: rows.map((row) => modelOf(row, rows, series.along.kind, { judging, cpus: cpusOf(manifest) })),
    };
    return {
      ...told,
      sentence: seriesSentence(
        told,
        points.flatMap(({ cells }) => cells),
        manifest.margin,
      ),
    };
  });
}

/** CPUs that workers run on at once, where no scenario has others. */
function cpusOf({ environment, placement }: Manifest): number {
  return placement.kind === 'isolated' ? placement.serverCpus.length : environment.availableCpus.capacity;
}

function rowsOf(points: readonly Point[], kind: SeriesSummary['along']['kind']): readonly Row[] {
  const [first] = points;
  return (first?.cells ?? []).map(({ model, connectionMode }): Row => {
    const own = points.flatMap(({ value, cells }) => {
      const kept = keeping(cells);
      return cells
        .filter((one) => one.model === model && one.connectionMode === connectionMode)
        .map((one) => ({ ...one, value, isKept: kept.includes(one) }));
    });
    // More workers may lose what one keeps; the work of a parameter is another at every point in any case.
    const kept = kind === 'parameter' ? own : keeping(own);
    const none: Figures = new Map();
    return {
      cells: own.map(({ isKept, ...one }, i) => ({
        ...one,
        figures: isKept && kept.some(({ id }) => id === own[i]?.id) ? throughputFigures(one) : none,
      })),
    };
  });
}

/** A single process is the same however many workers the others have, and so is a command, which has workers of its own. */
function hasOwnWorkers({ style }: CellSummary): boolean {
  return style === 'alone' || style === 'external';
}

/** What is the same however many workers the others have is among them once. */
function deployments(rows: readonly Row[]): readonly CellSummary[] {
  return rows.flatMap(({ cells }) => cells.filter((cell, i) => !hasOwnWorkers(cell) || i === 0));
}

/** The single process on the same Node.js that uses its connections in the same way. */
function singleBeside(first: CellSummary | undefined, rows: readonly Row[]): Row | undefined {
  if (first === undefined) return undefined;
  const { version } = partsOf(first.model);
  return rows.find(({ cells: [one] }) => {
    if (one === undefined || one.connectionMode !== first.connectionMode) return false;
    const parts = partsOf(one.model);
    return parts.model === 'single' && (first.style === 'external' || parts.version === version);
  });
}

interface Knowing {
  readonly judging: Judging;
  readonly cpus: number;
}

function modelOf(row: Row, rows: readonly Row[], along: SeriesSummary['along']['kind'], knowing: Knowing): SeriesModel {
  const [first] = row.cells;
  const isAlone = first?.style === 'alone';
  const isFixed = first === undefined || hasOwnWorkers(first);
  const single = singleBeside(first, rows);
  // The models share the error of the series.
  const speaking = rows.filter(({ cells: [one] }) => one?.style !== 'alone').length;
  const part = 1 / Math.max(1, along === 'connections' ? rows.length : speaking);
  return {
    model: first?.model ?? '',
    connectionMode: first?.connectionMode ?? 'keep-alive',
    cells: row.cells.map(({ id }) => id),
    standing: along === 'parameter' || (along === 'workers' && isFixed) ? null : standingOf(row, part, knowing),
    law: along !== 'workers' || isFixed ? null : lawOf(row, part, knowing),
    breakEven:
      along !== 'parameter' || isAlone || single === undefined ? null : breakEvenOf(row, single, part, knowing),
  };
}

/** Rounds of a row, and the share of the error that what is said after them may spend. */
function looksOf({ cells }: Row, { judging }: Knowing) {
  const rounds = 1 + Math.max(-1, ...cells.flatMap(({ figures }) => [...figures.keys()]));
  return judging.looks === 'once' ? [{ rounds, share: 1 }] : looksAt(rounds, judging.looks === 'last');
}

function standingOf(row: Row, part: number, knowing: Knowing): SeriesModel['standing'] {
  const known = row.cells.filter(({ figures }) => figures.size >= FEWEST_TRIALS);
  const looks = looksOf(row, knowing).map((look) => ({ ...look, share: look.share * part }));
  const contest = contestOf(
    known.map(({ figures }) => figures),
    looks,
    Math.log1p(knowing.judging.margin),
  );
  return row.cells.map((cell) => {
    const own = contest.behind[known.indexOf(cell)];
    const isKnown = own !== undefined && !contest.contradicts && known.length > 1;
    return {
      value: cell.value,
      atMostBehind: isKnown && Number.isFinite(own.atMost) ? -Math.expm1(-own.atMost) : null,
      atLeastBehind: isKnown ? -Math.expm1(-own.atLeast) : 0,
    };
  });
}

function errorOf(row: Row, part: number, knowing: Knowing): number {
  return ANSWER_ERROR * part * (looksOf(row, knowing).at(-1)?.share ?? 1);
}

function lawOf(row: Row, part: number, knowing: Knowing): SeriesModel['law'] {
  const figures = row.cells.flatMap(({ value: workers, figures: own }) =>
    [...own].map(([round, y]) => ({ workers, round, y })),
  );
  return scalabilityOf(figures, { error: errorOf(row, part, knowing), cpus: knowing.cpus });
}

function breakEvenOf(row: Row, single: Row, part: number, knowing: Knowing): SeriesModel['breakEven'] {
  const points = row.cells.flatMap(({ value, figures: candidate }) => {
    const baseline = single.cells.find((one) => one.value === value)?.figures;
    return baseline !== undefined && value > 0 ? [{ value, baseline, candidate }] : [];
  });
  return crossingOf(points, errorOf(row, part, knowing));
}
