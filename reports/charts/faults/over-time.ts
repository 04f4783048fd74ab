import { logRange, type Scale, scaleOf } from '../../drawing/axes.ts';
import { isNarrow } from '../../drawing/canvas.ts';
import { frame, narrowWidth } from '../../drawing/frame.ts';
import type { FaultChart } from '../../drawing/input.ts';
import { IN_PIXELS, texts } from '../../drawing/marks.ts';
import { footLayers, gridLayers, type Panel, sideLayers } from '../../drawing/panels.ts';
import { NOTHING_MEASURED } from '../../drawing/rows.ts';
import { INK } from '../../drawing/theme.ts';
import {
  type FaultPanel,
  faultConditions,
  faultFigures,
  faultMeasure,
  faultPanels,
  findingOfPanels,
  secondsScale,
} from './panels.ts';
import { faultLayers, headingLayers, keyOf, latencyLayers, type PlacedFault, throughputLayers } from './layers.ts';

/** Above each row, for its heading. */
const HEAD_HEIGHT = 28;
/** Between throughput and latency of a row. */
const GAP = 16;
/** Below the key, for the name of the fault above the topmost heading. */
const NAME_HEIGHT = 20;
/** Where a server answers at once what it had held, throughput is many times the offered one: so much of it is drawn. */
const MOST_TIMES = 2;

interface Heights {
  readonly throughput: number;
  readonly latency: number;
}

function heightsFor(rows: number): Heights {
  if (rows <= 2) return { throughput: 110, latency: 84 };
  if (rows <= 4) return { throughput: 70, latency: 56 };
  return { throughput: 48, latency: 40 };
}

const faultOverTime: FaultChart = {
  summary: 'throughput, lost requests and latency over time around a fault, a row per model',
  draw: (input, fault) => {
    if (input.traces?.faults === undefined) {
      return { kind: 'omitted', reason: 'the trials are not at hand, only their summary' };
    }
    const panels = faultPanels(input, fault);
    if (panels.every(({ trace }) => trace === null)) return NOTHING_MEASURED;
    const heights = heightsFor(panels.length);
    const rowHeight = HEAD_HEIGHT + heights.throughput + GAP + heights.latency;
    const axes = axesOf(panels, fault.requestsPerSec, isNarrow(input.canvas) ? 6 : 12);
    const key = keyOf(narrowWidth(input));
    const content = {
      input,
      title: findingOfPanels(fault, panels),
      measure: `replies and latency over time, ${faultMeasure(fault)}`,
      kind: 'Line charts',
      figures: faultFigures(fault, panels),
      notes: notesOf(panels, axes.isCut),
      rowLabels: [...axes.rate.ticks, ...axes.latency.ticks].map(({ label }) => label),
      rowHeight: 0,
      plotHeight: panels.length * rowHeight - HEAD_HEIGHT,
      columnsWidth: 0,
      headHeight: HEAD_HEIGHT + NAME_HEIGHT + key.height,
      conditions: faultConditions(input, panels),
    };
    return frame(content, ({ edge, plotWidth, plotHeight }) => {
      const places = placesIn(panels, heights, plotWidth);
      const foot = { x: plotWidth / 2, y: plotHeight + 41, text: 'seconds from the fault' };
      const all = (of: 'throughput' | 'latency'): Panel[] => places.map((place) => place[of]);
      return [
        ...key.layers(edge, -HEAD_HEIGHT - NAME_HEIGHT - key.height),
        ...gridLayers(all('throughput'), axes.rate.ticks),
        ...gridLayers(all('latency'), axes.latency.ticks),
        ...sideLayers(all('throughput'), axes.rate.ticks),
        ...sideLayers(all('latency'), axes.latency.ticks),
        ...faultLayers(axes, places, fault, plotWidth),
        ...throughputLayers(axes, places),
        ...latencyLayers(axes, places),
        ...headingLayers(fault, places),
        ...footLayers(all('latency').slice(-1), axes.x.ticks),
        ...texts(IN_PIXELS, [foot], { color: INK.quiet, align: 'center' }),
      ];
    });
  },
};

export default faultOverTime;

function placesIn(panels: readonly FaultPanel[], { throughput, latency }: Heights, width: number): PlacedFault[] {
  const rowHeight = HEAD_HEIGHT + throughput + GAP + latency;
  return panels.map((shown, i) => {
    const top = i * rowHeight;
    return {
      shown,
      throughput: { left: 0, top, width, height: throughput },
      latency: { left: 0, top: top + throughput + GAP, width, height: latency },
    };
  });
}

function axesOf(panels: readonly FaultPanel[], requestsPerSec: number, most: number) {
  const traces = panels.flatMap(({ trace }) => trace ?? []);
  const rates = traces.flatMap(({ answeredPerSec, lostPerSec }) => [...answeredPerSec, ...lostPerSec]);
  const highest = Math.max(requestsPerSec, ...rates);
  const end = Math.min(highest, MOST_TIMES * requestsPerSec) * 1.05;
  const latencies = traces.flatMap(({ p50Ms, p99Ms }) => [...p50Ms, ...p99Ms]).filter((ms) => ms !== null);
  return {
    x: secondsScale(panels, most),
    rate: scaleOf({ kind: 'linear', end }, 2),
    latency: latencyScale(latencies),
    isCut: highest > end,
  };
}

/** A tick for each factor of ten is enough in a low panel; both ends where that is one. */
function latencyScale(values: readonly number[]): Scale {
  const { ticks: _, ...range } = logRange(values.length === 0 ? [1, 10] : values);
  const decades = Array.from({ length: 13 }, (__, i) => Number(`1e${i - 4}`));
  const within = decades.filter((ms) => ms >= range.start && ms <= range.end);
  return scaleOf({ ...range, ticks: within.length > 1 ? within : [range.start, range.end] }, 2);
}

function notesOf(panels: readonly FaultPanel[], isCut: boolean): string[] {
  const [first] = panels.flatMap(({ trace }) => trace ?? []);
  const bins = first === undefined ? '' : ` in steps of ${first.binMs} ms`;
  return [
    `Means over trials${bins}, aligned at the fault. Good replies stand where they came, lost requests and latency where they were due.`,
    'Bar below: nobody had a good reply. Grey: how long the fault lasts, or a reload took.',
    ...(isCut ? [`Cut off at ${MOST_TIMES}× the offered rate: replies that were held back come all at once.`] : []),
  ];
}
