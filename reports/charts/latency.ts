import { DESCRIBED, DESCRIPTION } from '../drawing/described.ts';
import { frame, type Layer } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { type LatencyAxis, latencyAxis } from '../drawing/latency-axis.ts';
import { columnLayers, noteLayers, type RowAxis, rowAxis } from '../drawing/layers.ts';
import { GUTTER } from '../drawing/layout.ts';
import {
  figuresOf,
  type Percentile,
  percentileHead,
  percentilesOf,
  percentileWords,
  pointLook,
} from '../drawing/percentiles.ts';
import { type MeasuredRow, measuredRows, type Row, rowNote, rows } from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import { drawnInterval, intervalEnds, whiskerLayers } from '../drawing/whiskers.ts';
import { scenarioTitle } from '../words/cells.ts';
import { visible } from '../words/escape.ts';
import { MISSING } from '../words/figures.ts';
import { percentileFigure, percentileText, unsettledNote } from '../words/rates.ts';
import type { Chart } from './chart.ts';

const ROW_HEIGHT = 56;
const COLUMN_WIDTH = 76;
const FADED = 0.35;

function pointLayers(x: LatencyAxis, y: RowAxis, measured: readonly MeasuredRow[], percentile: Percentile): Layer[] {
  const values = measured.flatMap((row) => {
    const ms = percentile.of(figuresOf(row.result.latencyMs));
    const opacity = rowNote(row) === null ? 1 : FADED;
    if (ms === null) return [];
    const words = percentileWords(row.result.latencyMs[percentile.key], percentile.name);
    return [{ label: row.label, ms, colour: row.colour, opacity, description: visible(`${row.label}: ${words}`) }];
  });
  const { fillIsPaper, ...mark } = pointLook(percentile);
  const colour = { field: 'colour', type: 'nominal', scale: null } as const;
  return [
    {
      data: { values },
      mark: { ...mark, ...DESCRIBED },
      encoding: {
        ...DESCRIPTION,
        x: { ...x, field: 'ms' },
        y,
        stroke: colour,
        fill: fillIsPaper ? { value: INK.paper } : colour,
        strokeOpacity: { field: 'opacity', type: 'quantitative', scale: null },
        fillOpacity: fillIsPaper ? { value: 1 } : { field: 'opacity', type: 'quantitative', scale: null },
      },
    },
  ];
}

function lineLayer(x: LatencyAxis, y: RowAxis, measured: readonly MeasuredRow[], shown: readonly Percentile[]): Layer {
  const values = measured.flatMap(({ label, colour, result }) => {
    const all = shown.map(({ of }) => of(figuresOf(result.latencyMs))).filter((ms) => ms !== null);
    return all.length === 0 ? [] : [{ label, colour, low: Math.min(...all), high: Math.max(...all) }];
  });
  return {
    data: { values },
    mark: { type: 'rule', strokeWidth: 4, opacity: 0.3 },
    encoding: {
      x: { ...x, field: 'low' },
      x2: { field: 'high' },
      y,
      color: { field: 'colour', type: 'nominal', scale: null },
    },
  };
}

function altText({ scenario }: ChartInput, all: readonly Row[], shown: readonly Percentile[]): string {
  const parts = all.map((row) => {
    const { result } = row.cell;
    const note = rowNote(row);
    if (result === null) return `${row.label} ${note ?? ''}`.trim();
    const figures = shown.flatMap(({ key, name }) => {
      const percentile = result.latencyMs[key];
      return percentile === null ? [] : [`${name} ${percentileText(percentile)} ms`];
    });
    return `${row.label} ${figures.join(', ')}${note === null ? '' : ` (${note})`}`;
  });
  return `Dot plot of ${scenarioTitle(scenario)}: latency percentiles by model: ${parts.join('; ')}.`;
}

const latency: Chart = {
  summary: 'latency percentiles by model at the load that keeps every connection busy',
  draw: (input) => {
    const all = rows(input);
    const measured = measuredRows(all);
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model has a valid trial' };
    const latencies = measured.map(({ result }) => result.latencyMs);
    const shown = percentilesOf(latencies.map(figuresOf));
    const figures = latencies.flatMap((one) => shown.map(({ of }) => of(figuresOf(one))));
    const known = figures.filter((ms) => ms !== null);
    if (known.length === 0) return { kind: 'omitted', reason: 'too few requests for any percentile' };
    const x = latencyAxis([...known, ...latencies.flatMap(({ p99 }) => intervalEnds(p99))]);
    const whiskers = measured.flatMap(({ label, result }) => {
      const interval = drawnInterval(result.latencyMs.p99);
      return interval === null ? [] : [{ label, ...interval }];
    });
    const y = rowAxis(all);
    const alt = altText(input, all, shown);
    const missing = known.length < figures.length ? [`${MISSING}: too few requests for this percentile.`] : [];
    const content = {
      input,
      shows: 'latency percentiles by model',
      notes: [
        'At full load: each connection sends its next request when the reply arrives. All trials together.',
        ...(whiskers.length > 0 ? ['Whisker: 95% interval of p99 over trials.'] : []),
        ...missing,
        ...unsettledNote(latencies.map(({ p99 }) => p99)),
      ],
      alt,
      rowLabels: all.map(({ label }) => label),
      rowHeight: ROW_HEIGHT,
      columnsWidth: shown.length * COLUMN_WIDTH,
      headHeight: 32,
    };
    const spec = frame(content, ({ plotWidth }) => [
      lineLayer(x, y, measured, shown),
      ...whiskerLayers(x, y, whiskers),
      ...shown.toReversed().flatMap((percentile) => pointLayers(x, y, measured, percentile)),
      ...noteLayers(y, all, 20),
      ...shown.flatMap((percentile, i) => {
        const right = plotWidth + GUTTER + (i + 1) * COLUMN_WIDTH;
        const value = ({ cell: { result } }: Row) => percentileFigure(result?.latencyMs[percentile.key] ?? null);
        const [figuresLayer] = columnLayers(y, all, { title: '', right, value, strong: i === 0 });
        return figuresLayer === undefined ? [] : [figuresLayer, ...percentileHead(percentile, right)];
      }),
    ]);
    return { kind: 'spec', spec, alt };
  },
};

export default latency;
