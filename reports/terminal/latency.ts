/** Latency at given rates on a terminal: as the tables of the page, in two lines per row and fewer columns. */
import type { Percentile } from '../../harness/judge/schema/capacity.ts';
import type { RateCell, RateResult } from '../../harness/judge/schema/rate.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { type LatencyRow, latencyRows } from '../tables/latency.ts';
import { sloTable, sloTitle } from '../tables/slo.ts';
import { NAME_COLUMN, type ResultTable, type TableRow } from '../tables/table.ts';
import { failedText } from '../words/cells.ts';
import { figure, figureOrDash, given } from '../words/figures.ts';
import {
  behindNotes,
  cellsAt,
  dueText,
  limitedText,
  percentileFigure,
  percentileInterval,
  rateHeading,
  rateMark,
  rateName,
  rateNotices,
  unsettledNotes,
} from '../words/rates.ts';
import { paragraph } from '../words/wrap.ts';
import { type Colours, textTable } from './text-table.ts';

/** Where the reasons of an SLO are broken into lines, in columns of the terminal. */
const PROSE = 34;
const STACKED_NOTE =
  'In ms. Below each percentile: its 95% interval; ≥: a lower bound, among requests without a reply; –: too few requests. ' +
  'service: p99 from when a request was sent; below it: p99 of how late it was sent.';

/** A block per common rate, and one for the SLO; none when no latency was measured. */
export function latencyBlocks(scenario: ScenarioSummary, width: number, c: Colours): string[] {
  const { latency } = scenario;
  if (latency === null) return [];
  const rates = latency.common.map((common) => {
    const table = textTable(stackedTable(scenario, cellsAt(common, latency)), width, c);
    return [
      c.bold(paragraph(rateHeading(common, latency), width)),
      c.dim(paragraph(dueText(common, latency), width)),
      '',
      table,
      '',
      paragraph(common.sentence, width),
    ].join('\n');
  });
  const cells = latency.common.flatMap((common) => cellsAt(common, latency));
  const notes = [
    ...rateNotices(latency),
    ...behindNotes(cells),
    ...unsettledNotes(cells),
    ...(rates.length > 0 ? [STACKED_NOTE] : []),
  ];
  const { slo } = latency;
  return [
    ...rates,
    ...notes.map((note) => paragraph(note, width).split('\n').map(c.dim).join('\n')),
    ...(slo === null
      ? []
      : [
          [
            c.bold(paragraph(sloTitle(slo), width)),
            '',
            textTable(sloTable(scenario, slo, PROSE), width, c),
            '',
            paragraph(slo.sentence, width),
          ].join('\n'),
        ]),
  ];
}

/** Two lines per row: the figure, and below it its interval or a figure that belongs to it. */
function stackedTable(scenario: ScenarioSummary, cells: readonly RateCell[]): ResultTable {
  const results = cells.flatMap(({ result }) => result ?? []);
  const tail = results.some(({ latency }) => latency.p999 !== null);
  const lost = results.some(({ unfinished }) => unfinished > 0);
  return {
    columns: [
      NAME_COLUMN,
      { head: ['', 'served/s'], align: 'right' },
      ...['p50', 'p90', 'p99', ...(tail ? ['p99.9'] : [])].map(
        (name) => ({ head: ['', name], align: 'right' }) as const,
      ),
      { head: ['service', 'late'], align: 'right' },
      { head: lost ? ['requests', 'no reply'] : ['', 'requests'], align: 'right' },
      { head: ['limited', 'by'], align: 'left', meaning: 'label' },
    ],
    rows: cells.flatMap((cell) => stackedRows(cell, rateName(cell, scenario), tail)),
  };
}

function stackedRows(cell: RateCell, name: string, tail: boolean): TableRow[] {
  const { result } = cell;
  if (result === null) return [{ kind: 'failed', name, reason: failedText(cell) }];
  return latencyRows(cell, result).map((row) => ({
    kind: 'measured',
    // There is a second line anyway, and a name in two lines leaves room for the figures.
    name: row.requestClass === null ? name.replace(' · ', '\n· ') : `  ${row.requestClass}`,
    mark: rateMark(result),
    values: stackedValues(row, result, tail),
  }));
}

function stackedValues({ requestClass, latency, requests, unfinished }: LatencyRow, result: RateResult, tail: boolean) {
  const all = requestClass === null;
  const { servedPerSec, serviceMs, sendDelayMs } = result;
  return [
    all ? figure(servedPerSec.point) : '',
    ...[latency.p50, latency.p90, latency.p99, ...(tail ? [latency.p999] : [])].map(stacked),
    all ? `${figureOrDash(serviceMs.p99)}\n${figureOrDash(sendDelayMs.p99)}` : '',
    unfinished === 0 ? given(requests) : `${given(requests)}\n${given(unfinished)}`,
    all ? labelText(result) : '',
  ];
}

function stacked(percentile: Percentile | null): string {
  const interval = percentileInterval(percentile);
  return interval === '' ? percentileFigure(percentile) : `${percentileFigure(percentile)}\n${interval}`;
}

/** Over two lines, because the ordinary label would be the widest column. */
function labelText(result: RateResult): string {
  const mark = rateMark(result);
  return mark === null ? limitedText(result).replace(' ', '\n') : `${limitedText(result)}\n${mark}`;
}
