import type { Chart } from '../drawing/input.ts';
import { bars, texts, ticks } from '../drawing/marks.ts';
import { BAR_HEIGHT, BELOW_BAR, rowChart } from '../drawing/row-chart.ts';
import type { Column } from '../drawing/row-texts.ts';
import { type MeasuredRow, measuredRows, type Order, type Row, rowNote, sortedRows, toldRow } from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { visible } from '../words/escape.ts';
import { MISSING, percent, wholePercent } from '../words/figures.ts';

/** Narrower parts have no room for their figure; the columns beside the plot say the extremes. */
const LABELLED_FROM = 0.07;
/** Of an even share: what is nearer to it is no difference that anybody would act on. */
const UNEVEN_FROM = 0.05;
/** Evenest first. */
const ORDER: Order = { figureOf: unevenness, good: 'less', rankedFirst: false };
/** Of the marks above a bar, in pixels. */
const MARK = { size: 10, thickness: 1.8, yOffset: -BAR_HEIGHT / 2 - 6 } as const;
const X = {
  type: 'quantitative',
  stack: null,
  scale: { domain: [0, 100], nice: false },
  axis: { title: 'requests in %, one part per worker, largest first', grid: false, format: '~f', tickCount: 5 },
} as const;
const COLUMNS: readonly Column<Row>[] = [
  { title: 'largest', strong: true, value: shareOf((shares) => shares[0]) },
  { title: 'smallest', value: shareOf((shares) => shares.at(-1)) },
  { title: 'even share', value: shareOf((shares) => 1 / shares.length) },
];

const requestsPerWorker: Chart = {
  summary: 'how evenly each model spreads the requests over its workers',
  draw: (input) => {
    const all = sortedRows(input, ORDER).filter(({ cell }) => cell.workers !== null && cell.workers > 1);
    const measured = measuredRows(all).filter(({ result }) => result.workerShares.length > 1);
    if (all.length === 0) return { kind: 'omitted', reason: 'no model has more than one worker' };
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model with several workers has a valid trial' };
    const [uneven] = measured.toSorted((a, b) => unevenness(b) - unevenness(a));
    if (uneven === undefined || unevenness(uneven) < UNEVEN_FROM) {
      return {
        kind: 'omitted',
        reason: `every worker has its even share of the requests, within ${wholePercent(UNEVEN_FROM)}% of it`,
      };
    }
    const parts = measured.flatMap(partsOf);
    const isMany = measured.some(({ result }) => result.workerShares.length > 16);
    return rowChart({
      input,
      title: titleOf(uneven),
      measure: 'share of the requests by worker, even is better',
      kind: 'Stacked bars',
      figures: figuresOf(all),
      notes: [
        'Mean over trials. Marks above a bar: where its parts would end if all workers had the same share.',
        ...(input.scenario.cells.length > all.length ? ['Models with one worker are left out.'] : []),
      ],
      rows: all,
      rowHeight: 60,
      columns: COLUMNS,
      words: all.flatMap(remarkOf),
      labels: [],
      x: () => X,
      marks: ({ place }) => [
        ...bars(
          place,
          parts.map(({ share: _, ...part }) => part),
          { size: BAR_HEIGHT, stroke: INK.paper, strokeWidth: isMany ? 0.5 : 2 },
        ),
        ...texts(
          place,
          parts
            .filter(({ share }) => share >= LABELLED_FROM)
            .map(({ label, x, x2, share }) => ({ label, x: (x + x2) / 2, text: `${wholePercent(share)} %` })),
          { align: 'center', fontWeight: 'bold', color: INK.paper },
        ),
        ...ticks(place, measured.flatMap(evenEnds), { ...MARK, color: INK.strong }),
      ],
    });
  },
};

export default requestsPerWorker;

function shareOf(pick: (shares: readonly number[]) => number | undefined): (row: Row) => string {
  return ({ cell: { result } }) => {
    const share = result === null ? undefined : pick(result.workerShares);
    return share === undefined ? MISSING : `${percent(share)} %`;
  };
}

/** A part per worker, in percent. */
function partsOf({ label, colour, result: { workerShares } }: MeasuredRow) {
  let end = 0;
  return workerShares.map((share, i, { length }) => {
    const x = end;
    end = Math.min(100, x + share * 100);
    const description = `${label}: worker ${i + 1} of ${length}, ${percent(share)} % of the requests`;
    return { label, x, x2: end, fill: colour, share, description: visible(description) };
  });
}

/** Where the parts of a bar would end if every worker had the same share. */
function evenEnds({ label, result: { workerShares } }: MeasuredRow) {
  return workerShares.slice(1).map((_, i) => ({ label, x: (100 * (i + 1)) / workerShares.length }));
}

/** What stands below a bar: whether it may be ranked, and what cannot be seen because it has no width. */
function remarkOf(row: Row) {
  const shares = row.cell.result?.workerShares ?? [];
  const idle = shares.filter((share) => share === 0).length;
  const note = rowNote(row);
  const parts = [
    ...(note === null ? [] : [note]),
    ...(idle === 0 || shares.length < 2 ? [] : [`${idle} of ${shares.length} workers got no request`]),
  ];
  const dy = row.cell.result === null ? null : BELOW_BAR;
  return parts.length === 0 ? [] : [{ label: row.label, words: parts.join('; '), dy }];
}

function figuresOf(all: readonly Row[]): string {
  const parts = all.map(
    toldRow(({ workerShares: shares }) => {
      const [largest = 0] = shares;
      return `${percent(largest)}% to ${percent(shares.at(-1) ?? 0)}% over ${shares.length} workers, even would be ${percent(1 / shares.length)}%`;
    }),
  );
  return `shares of the requests: ${parts.join('; ')}`;
}

/** By how much of an even share the worker is off that is farthest from it: 0 where all have the same. */
function unevenness({ result: { workerShares: shares } }: MeasuredRow): number {
  return Math.max(...shares.map((share) => Math.abs(share * shares.length - 1)));
}

/** Of the row whose workers differ the most. */
function titleOf({ label, result: { workerShares: shares } }: MeasuredRow): string {
  const [largest = 0] = shares;
  const idle = shares.filter((share) => share === 0).length;
  const even = `an even share would be ${percent(1 / shares.length)}%`;
  return idle > 0
    ? `${label} leaves ${idle} of its ${shares.length} workers without a request`
    : `${label} gives one worker ${percent(largest)}% of the requests, ${even}`;
}
