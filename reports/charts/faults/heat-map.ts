import { logRange, type Scale } from '../../drawing/axes.ts';
import { isNarrow } from '../../drawing/canvas.ts';
import { frame } from '../../drawing/frame.ts';
import type { FaultChart } from '../../drawing/input.ts';
import { boxes, IN_PIXELS, type Layer, rules, texts } from '../../drawing/marks.ts';
import { across, footLayers, gridLayers, type Panel, sideLayers } from '../../drawing/panels.ts';
import { NOTHING_MEASURED } from '../../drawing/rows.ts';
import { INK } from '../../drawing/theme.ts';
import { counted, given } from '../../words/figures.ts';
import { drawnRange, headingLayers, heatLayers, keyLayers, type PlacedPanel } from '../latency-heat-map/layers.ts';
import { sliceOf } from '../latency-heat-map/panels.ts';
import { faultLayers, LOST } from './layers.ts';
import {
  endMsOf,
  type FaultPanel,
  faultConditions,
  faultFigures,
  faultMeasure,
  faultPanels,
  findingOfPanels,
  secondsScale,
} from './panels.ts';

/** Above each panel: its name, and the strip of lost requests. */
const HEAD_HEIGHT = 40;
const STRIP = 8;
/** Above the topmost names: the key, the title of the axis and the name of the fault. */
const KEY_HEIGHT = 50;

const faultHeatMap: FaultChart = {
  summary: 'latency over time around a fault as a heat map, and which requests were lost, a row per model',
  draw: (input, fault) => {
    if (input.traces?.faults === undefined) {
      return { kind: 'omitted', reason: 'the trials are not at hand, only their summary' };
    }
    const panels = faultPanels(input, fault);
    const shown = panels.map((panel) => heatPanelOf(panel));
    if (shown.every(({ trials }) => trials.every(({ slices }) => slices.every((slice) => slice === null)))) {
      return NOTHING_MEASURED;
    }
    const x = secondsScale(panels, isNarrow(input.canvas) ? 6 : 12);
    const y = latencyScale(shown);
    const height = panels.length <= 2 ? 150 : panels.length <= 4 ? 96 : 64;
    const rowHeight = HEAD_HEIGHT + height;
    const content = {
      input,
      title: findingOfPanels(fault, panels),
      measure: `latency in ms over time, ${faultMeasure(fault)}`,
      kind: 'Heat map',
      figures: faultFigures(fault, panels),
      notes: [
        'Colour: share of the good replies to the requests due at a moment, by their latency, over all trials. Line: median.',
        'Orange strip: share of the requests due at a moment that had no good reply.',
      ],
      rowLabels: y.ticks.map(({ label }) => label),
      rowHeight: 0,
      plotHeight: panels.length * rowHeight - HEAD_HEIGHT,
      columnsWidth: 0,
      headHeight: HEAD_HEIGHT + KEY_HEIGHT,
      conditions: faultConditions(input, panels),
    };
    return frame(content, ({ edge, plotWidth, plotHeight }) => {
      const all = panels.map((_, i): Panel => ({ left: 0, top: i * rowHeight, width: plotWidth, height }));
      const places = all.flatMap((panel, i): PlacedPanel[] => {
        const one = shown[i];
        const trace = panels[i]?.trace ?? null;
        if (one === undefined) return [];
        return [{ panel: trace === null ? panel : within(panel, x, trace), shown: one }];
      });
      const rows = all.flatMap((panel, i) => {
        const one = panels[i];
        return one === undefined
          ? []
          : [{ shown: one, throughput: { ...panel, top: panel.top - STRIP - 3 }, latency: panel }];
      });
      const quiet = { color: INK.quiet };
      const foot = { x: plotWidth / 2, y: plotHeight + 41, text: 'seconds from the fault' };
      return [
        ...texts(IN_PIXELS, [{ x: edge, y: -HEAD_HEIGHT - 18, text: 'latency in ms (logarithmic scale)' }], quiet),
        ...keyLayers(edge, -HEAD_HEIGHT - 40),
        ...gridLayers(all, y.ticks),
        ...sideLayers(all, y.ticks),
        ...heatLayers(y, places),
        ...stripLayers(panels, all, x),
        ...faultLayers({ x }, rows, fault, plotWidth),
        ...headingLayers(places.map((place, i) => ({ ...place, panel: raised(all[i] ?? place.panel) }))),
        ...footLayers(all.slice(-1), x.ticks),
        ...texts(IN_PIXELS, [foot], { ...quiet, align: 'center' }),
      ];
    });
  },
};

export default faultHeatMap;

/** All trials of a model as one. */
function heatPanelOf({ label, colour, trace, reason }: FaultPanel): PlacedPanel['shown'] {
  const trials =
    trace === null
      ? []
      : [
          {
            ...{ round: 1, told: counted(trace.trials, 'trial'), windowMs: endMsOf(trace) - trace.startMs },
            slices: trace.bands.map((bands) => sliceOf([bands])),
          },
        ];
  return { label, colour, mark: null, reason, trials };
}

/** Where the trace of a model lies in its panel: others may have begun earlier or ended later. */
function within(panel: Panel, x: Scale, trace: NonNullable<FaultPanel['trace']>): Panel {
  const left = across(panel, x.at(trace.startMs / 1000));
  return { ...panel, left, width: across(panel, x.at(endMsOf(trace) / 1000)) - left };
}

function raised({ top, ...panel }: Panel): Panel {
  return { ...panel, top: top - STRIP - 2 };
}

/** Lost requests above each panel, the stronger the larger their share. */
function stripLayers(panels: readonly FaultPanel[], all: readonly Panel[], x: Scale): Layer[] {
  const cells = panels.flatMap(({ trace }, i) => {
    const panel = all[i];
    if (trace === null || panel === undefined) return [];
    return trace.lostPerSec.flatMap((perSec, bin) => {
      if (perSec === 0) return [];
      const from = trace.startMs + bin * trace.binMs;
      const due = trace.duePerSec[bin] ?? perSec;
      return [
        {
          ...{ x: across(panel, x.at(from / 1000)), x2: across(panel, x.at((from + trace.binMs) / 1000)) },
          ...{ y: panel.top - STRIP - 3, y2: panel.top - 3 },
          fillOpacity: Number((0.3 + 0.7 * Math.min(1, perSec / due)).toFixed(2)),
        },
      ];
    });
  });
  const lines = all.map(({ left, top, width }) => ({ x: left, x2: left + width, y: top - 3, y2: top - 3 }));
  return [...boxes(IN_PIXELS, cells, { color: LOST }), ...rules(IN_PIXELS, lines, { color: INK.grid, strokeWidth: 1 })];
}

function latencyScale(panels: readonly PlacedPanel['shown'][]): Scale {
  const { low, high } = drawnRange(panels);
  const at = (ms: number): number => Math.log(ms / low) / Math.log(high / low);
  const inside = logRange([low, high]).ticks.filter((ms) => ms >= low && ms <= high);
  const decades = inside.filter((ms) => Number.isInteger(Math.log10(ms)));
  return { at, ticks: (decades.length > 0 ? decades : inside).map((ms) => ({ at: at(ms), label: given(ms) })) };
}
