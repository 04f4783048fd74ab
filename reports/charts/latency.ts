import type { Chart } from '../drawing/input.ts';
import { percentileChart } from '../drawing/percentiles.ts';
import { measuredRows, NOTHING_MEASURED, rowNote, rows } from '../drawing/rows.ts';
import { partingOf } from '../words/parting.ts';
import { subject } from '../words/cells.ts';

const latency: Chart = {
  summary: 'latency percentiles by model at the load that keeps every connection busy',
  draw: (input) => {
    const all = rows(input);
    if (measuredRows(all).length === 0) return NOTHING_MEASURED;
    const shown = all.map((row) => ({
      ...{ label: row.label, colour: row.colour, latency: row.cell.result?.latencyMs ?? null },
      ...{ note: rowNote(row), isRanked: rowNote(row) === null },
    }));
    const parting = partingOf(
      shown.flatMap(({ label, latency: own, isRanked }) =>
        own === null || !isRanked ? [] : [{ label, latency: own }],
      ),
    );
    return percentileChart({
      input,
      title:
        parting === null
          ? `latency percentiles by ${subject(input.scenario.cells)} at full load`
          : `${parting.percentile} is ${parting.text}`,
      measured: 'latency in ms at full load',
      notes: ['At full load: each connection sends its next request when the reply arrives. All trials together.'],
      rows: shown,
      strong: 'p50',
    });
  },
};

export default latency;
