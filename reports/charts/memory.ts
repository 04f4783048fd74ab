import { type Content, frame } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { columnLayers, noteLayers, rowAxis } from '../drawing/layers.ts';
import { GUTTER } from '../drawing/layout.ts';
import { measuredRows, type Row, rowNote, rows } from '../drawing/rows.ts';
import { arrowheadNotes, cutWhiskers, goesOn } from '../drawing/whiskers.ts';
import { scenarioTitle } from '../words/cells.ts';
import { figure, MISSING, mebibytes, UNSETTLED } from '../words/figures.ts';
import { endsOf, type Spread, spreadOf } from '../words/spread.ts';
import type { Chart } from './chart.ts';
import { idleLabels, memoryAxis, memoryBars, partingLayers, partLabels } from './memory/layers.ts';
import { inMib, type Kind, kindOf, type MemoryRow, memoryRows, partsText } from './memory/rows.ts';

const ROW_HEIGHT = 74;
const COLUMNS_WIDTH = 256;
/** With few trials an interval can be so wide that it would squeeze the bars: beyond this multiple of the highest trial it is cut off. */
const FARTHEST_WHISKER = 1.5;

/** The right end of the axis, in MiB. */
function endOf(shown: readonly MemoryRow[]): number {
  const largest = Math.max(...shown.flatMap(({ estimate, idle }) => [estimate.max, estimate.point, idle.mib]));
  const whiskers = Math.max(...shown.map(({ estimate }) => endsOf(estimate).high));
  const end = Math.max(largest, Math.min(whiskers, largest * FARTHEST_WHISKER));
  return end > 0 ? end * 1.04 : 1;
}

const PSS = 'a page that n processes share counts 1/n in each';

function axisTitle(kind: Kind): string {
  switch (kind) {
    case 'pss':
      return 'memory of all server processes in MiB (PSS)';
    case 'rss':
      return 'memory of all server processes in MiB (RSS)';
    case 'both':
      return 'memory of all server processes in MiB (PSS, and RSS where noted)';
    default:
      return kind satisfies never;
  }
}

function kindNotes(kind: Kind): string[] {
  switch (kind) {
    case 'pss':
      return [`PSS, proportional set size: ${PSS}.`];
    case 'rss':
      return [
        'RSS, resident set size: a page that processes share counts in each, so many processes look larger than they are.',
      ];
    case 'both':
      return [`Bars of two kinds are not comparable. PSS: ${PSS}. RSS (dashed): such a page counts whole in each.`];
    default:
      return kind satisfies never;
  }
}

function notesOf(shown: readonly MemoryRow[], kind: Kind, spread: Spread, hasArrowheads: boolean): string[] {
  const isRepeated = shown.some(({ estimate }) => estimate.trials > 1);
  const whisker = isRepeated ? ` Whisker: ${spread.meaning}.` : '';
  const isTold = shown.some(({ peak }) => peak.frontMib !== null);
  const isUnsettled = shown.some(({ estimate }) => spread.textOf(estimate) === 'unsettled');
  return [
    [
      `Thick bar: highest size under load. Thin bar: idle, before the load.${whisker}`,
      ...arrowheadNotes(hasArrowheads),
    ].join(' '),
    ...(isTold ? ['Fainter part of a bar: the front, where it is a process of its own (median over trials).'] : []),
    ...kindNotes(kind),
    ...(isUnsettled ? [`${UNSETTLED.replace('u', 'U')}.`] : []),
  ];
}

function altText({ scenario }: ChartInput, all: readonly Row[], shown: readonly MemoryRow[], spread: Spread): string {
  const kind = kindOf(measuredRows(all));
  const parts = all.map((row) => {
    const found = shown.find(({ label }) => label === row.label);
    if (found === undefined) return `${row.label} ${rowNote(row) ?? ''}`.trim();
    const { idle, peak, estimate, isApart } = found;
    const own = partsText(peak);
    const told = [spread.textOf(estimate), ...(own === '' ? [] : [own]), ...(isApart ? ['RSS'] : [])].join('; ');
    return `${row.label} ${figure(idle.mib)} idle, ${figure(peak.mib)} at its peak (${told})`;
  });
  const sizes = kind === 'both' ? 'PSS, and RSS where it says so' : kind.toUpperCase();
  return `Bar chart of ${scenarioTitle(scenario)}: memory by model in MiB (${sizes}), with the ${spread.meaning} of the peak: ${parts.join('; ')}.`;
}

const memory: Chart = {
  summary: 'memory of the server by model, idle and at its peak, front and workers told apart',
  draw: (input) => {
    const all = rows(input);
    const measured = measuredRows(all);
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model has a valid trial' };
    const shown = memoryRows(measured);
    const kind = kindOf(measured);
    const end = endOf(shown);
    const x = memoryAxis(end, axisTitle(kind));
    const y = rowAxis(all);
    const spread = spreadOf(shown.map(({ estimate }) => estimate));
    const repeated = shown.filter(({ estimate }) => estimate.trials > 1);
    const whiskers = repeated.map(({ label, estimate }) => ({ label, ...endsOf(estimate) }));
    const alt = altText(input, all, shown, spread);
    const content: Content = {
      input,
      shows: 'memory by model',
      notes: notesOf(
        shown,
        kind,
        spread,
        whiskers.some((one) => goesOn(one, end)),
      ),
      alt,
      rowLabels: all.map(({ label }) => label),
      rowHeight: ROW_HEIGHT,
      columnsWidth: COLUMNS_WIDTH,
      headHeight: 30,
    };
    const failed = all.filter(({ cell }) => cell.result === null);
    const spec = frame(content, ({ plotWidth }) => [
      ...memoryBars(x, y, shown, spread),
      ...partingLayers(x, y, shown, plotWidth),
      ...cutWhiskers(x, y, whiskers, end),
      ...partLabels(x, y, shown, plotWidth),
      ...idleLabels(x, y, shown),
      ...noteLayers(y, failed, 0),
      ...columnLayers(y, all, {
        title: 'idle MiB',
        right: plotWidth + GUTTER + 54,
        value: ({ cell: { result } }) => (result === null ? MISSING : mebibytes(result.memory.idleBytes.point)),
      }),
      ...columnLayers(y, all, {
        title: 'peak MiB',
        right: plotWidth + GUTTER + 130,
        strong: true,
        value: ({ cell: { result } }) => (result === null ? MISSING : mebibytes(result.memory.peakBytes.point)),
      }),
      ...columnLayers(y, all, {
        title: spread.title,
        right: plotWidth + GUTTER + COLUMNS_WIDTH,
        value: ({ cell: { result } }) => (result === null ? MISSING : spread.textOf(inMib(result.memory.peakBytes))),
      }),
    ]);
    return { kind: 'spec', spec, alt };
  },
};

export default memory;
