import { DESCRIBED, DESCRIPTION } from '../drawing/described.ts';
import { frame, type Layer } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { columnLayers, noteLayers, type RowAxis, rowAxis, rowText } from '../drawing/layers.ts';
import { GUTTER } from '../drawing/layout.ts';
import { type MeasuredRow, measuredRows, type Row, rowNote, rows } from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { scenarioTitle } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { MISSING, percent, wholePercent } from '../words/figures.ts';
import type { Chart } from './chart.ts';

const ROW_HEIGHT = 60;
const BAR_HEIGHT = 28;
/** Narrower parts have no room for their figure; the columns beside the plot say the extremes. */
const LABELLED_FROM = 0.07;
const COLUMN_WIDTH = 86;

const X = {
  type: 'quantitative' as const,
  stack: null,
  scale: { domain: [0, 100], nice: false },
  axis: { title: 'requests in %, one part per worker, largest first', grid: false, format: '~f', tickCount: 5 },
};

interface Part {
  readonly label: string;
  readonly colour: string;
  readonly from: number;
  readonly to: number;
  readonly middle: number;
  readonly text: string;
  readonly description: string;
}

function parts(row: MeasuredRow): Part[] {
  let to = 0;
  return row.result.workerShares.map((share, i, { length }) => {
    const from = to;
    to = Math.min(100, from + share * 100);
    const text = share >= LABELLED_FROM ? `${wholePercent(share)} %` : '';
    return {
      label: row.label,
      colour: row.colour,
      from,
      to,
      middle: (from + to) / 2,
      text,
      description: visible(`${row.label}: worker ${i + 1} of ${length}, ${percent(share)} % of the requests`),
    };
  });
}

function barLayers(y: RowAxis, measured: readonly MeasuredRow[]): Layer[] {
  const data = { values: measured.flatMap(parts) };
  const many = measured.some(({ result }) => result.workerShares.length > 16);
  return [
    {
      data,
      mark: { type: 'bar', size: BAR_HEIGHT, stroke: INK.paper, strokeWidth: many ? 0.5 : 2, ...DESCRIBED },
      encoding: {
        ...DESCRIPTION,
        x: { ...X, field: 'from' },
        x2: { field: 'to' },
        y,
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
    {
      data,
      mark: { type: 'text', align: 'center', fontWeight: 'bold', color: INK.paper },
      encoding: { x: { ...X, field: 'middle' }, y, text: { field: 'text', type: 'nominal' } },
    },
  ];
}

/** Marks above each bar where its parts would end if every worker had the same share. */
function evenLayer(y: RowAxis, measured: readonly MeasuredRow[]): Layer {
  const values = measured.flatMap(({ label, result: { workerShares } }) =>
    workerShares.slice(1).map((_, i) => ({ label, even: (100 * (i + 1)) / workerShares.length })),
  );
  const yOffset = -BAR_HEIGHT / 2 - 6;
  return {
    data: { values },
    mark: { type: 'tick', orient: 'vertical', size: 10, thickness: 1.8, color: INK.strong, opacity: 1, yOffset },
    encoding: { x: { ...X, field: 'even' }, y },
  };
}

/** What stands below a bar: whether it may be ranked, and what cannot be seen because it has no width. */
function remark(row: MeasuredRow): string | null {
  const { workerShares } = row.result;
  const idle = workerShares.filter((share) => share === 0).length;
  const none = idle === 0 ? [] : [`${idle} of ${workerShares.length} workers got no request`];
  const parts = [...(rowNote(row) === null ? [] : [rowNote(row)]), ...none];
  return parts.length === 0 ? null : parts.join('; ');
}

function isFailed({ cell }: Row): boolean {
  return cell.result === null;
}

function altText({ scenario }: ChartInput, all: readonly Row[]): string {
  const described = all.map((row) => {
    const shares = row.cell.result?.workerShares;
    const note = rowNote(row);
    if (shares === undefined) return `${row.label} ${note ?? ''}`.trim();
    const [largest = 0] = shares;
    const smallest = shares.at(-1) ?? 0;
    const extremes = `largest ${percent(largest)} %, smallest ${percent(smallest)} %`;
    return `${row.label} ${shares.length} workers, ${extremes}, even would be ${percent(1 / shares.length)} %`;
  });
  return `Stacked bars of ${scenarioTitle(scenario)}: share of the requests by worker: ${described.join('; ')}.`;
}

const requestsPerWorker: Chart = {
  summary: 'how evenly each model spreads the requests over its workers',
  draw: (input) => {
    const all = rows(input).filter(({ cell }) => cell.workers > 1);
    const measured = measuredRows(all).filter(({ result }) => result.workerShares.length > 1);
    if (all.length === 0) return { kind: 'omitted', reason: 'no model has more than one worker' };
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model with several workers has a valid trial' };
    const y = rowAxis(all);
    const remarked = measured.filter((row) => remark(row) !== null);
    const alt = altText(input, all);
    const rest = input.scenario.cells.length > all.length ? ['Models with one worker are left out.'] : [];
    const content = {
      input,
      shows: 'share of the requests by worker',
      notes: [
        'Mean over trials. Marks above a bar: where its parts would end if all workers had the same share.',
        ...rest,
      ],
      alt,
      rowLabels: all.map(({ label }) => label),
      rowHeight: ROW_HEIGHT,
      columnsWidth: 3 * COLUMN_WIDTH - GUTTER,
      headHeight: 32,
    };
    const spec = frame(content, ({ plotWidth }) => {
      const column = (
        title: string,
        place: number,
        pick: (shares: readonly number[]) => number | undefined,
        strong = false,
      ) =>
        columnLayers(y, all, {
          title,
          right: plotWidth + place * COLUMN_WIDTH,
          strong,
          value: ({ cell: { result } }) => {
            const share = result === null ? undefined : pick(result.workerShares);
            return share === undefined ? MISSING : `${percent(share)} %`;
          },
        });
      return [
        ...barLayers(y, measured),
        evenLayer(y, measured),
        ...noteLayers(y, all.filter(isFailed), BAR_HEIGHT / 2 + 10),
        ...rowText(y, remarked, BAR_HEIGHT / 2 + 10, remark),
        ...column('largest', 1, (shares) => shares[0], true),
        ...column('smallest', 2, (shares) => shares.at(-1)),
        ...column('even share', 3, (shares) => 1 / shares.length),
      ];
    });
    return { kind: 'spec', spec, alt };
  },
};

export default requestsPerWorker;
