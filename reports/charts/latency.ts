import { latencyAxis } from '../drawing/axes.ts';
import {
  latencyValues,
  percentileColumns,
  percentileLayers,
  percentileNotes,
  percentilesOf,
  percentilesText,
} from '../drawing/percentiles.ts';
import { rowChart } from '../drawing/row-chart.ts';
import { measuredRows, NOTHING_MEASURED, type Row, rowNote, rows } from '../drawing/rows.ts';
import { drawnInterval } from '../drawing/whiskers.ts';
import { scenarioTitle } from '../words/cells.ts';
import type { Chart } from './chart.ts';

/** From the middle of a row to the words below its marks, in pixels. */
const BELOW = 20;

const latency: Chart = {
  summary: 'latency percentiles by model at the load that keeps every connection busy',
  draw: (input) => {
    const all = rows(input);
    const measured = measuredRows(all);
    if (measured.length === 0) return NOTHING_MEASURED;
    const latencies = measured.map(({ result }) => result.latencyMs);
    const shown = percentilesOf(latencies);
    if (shown.length === 0) return { kind: 'omitted', reason: 'too few requests for any percentile' };
    const x = latencyAxis(latencyValues(latencies, shown));
    const hasWhiskers = latencies.some(({ p99 }) => drawnInterval(p99) !== null);
    const parts = all.map((row) => {
      const { result } = row.cell;
      const note = rowNote(row);
      if (result === null) return `${row.label} ${note ?? ''}`.trim();
      return `${row.label} ${percentilesText(result.latencyMs, shown)}${note === null ? '' : ` (${note})`}`;
    });
    return rowChart({
      input,
      shows: 'latency percentiles by model',
      notes: [
        'At full load: each connection sends its next request when the reply arrives. All trials together.',
        ...(hasWhiskers ? ['Whisker: 95% interval of p99 over trials.'] : []),
        ...percentileNotes(latencies, shown),
      ],
      alt: `Dot plot of ${scenarioTitle(input.scenario)}: latency percentiles by model: ${parts.join('; ')}.`,
      rows: all,
      rowHeight: 56,
      columns: percentileColumns<Row>(shown, 'p50', ({ cell }) => cell.result?.latencyMs ?? null),
      words: all.flatMap((row) => {
        const words = rowNote(row);
        return words === null ? [] : [{ label: row.label, words, dy: row.cell.result === null ? null : BELOW }];
      }),
      x: () => x,
      marks: ({ place }) => {
        const dots = measured.map((row) => ({
          ...{ label: row.label, colour: row.colour, latency: row.result.latencyMs },
          isRanked: rowNote(row) === null,
        }));
        return percentileLayers(place, dots, shown);
      },
    });
  },
};

export default latency;
