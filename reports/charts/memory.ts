import { findingOf } from '../../harness/judge/answer/finding.ts';
import type { CellResult } from '../../harness/judge/schema/summary.ts';
import type { Chart } from '../drawing/input.ts';
import { type Layer, type Place, texts, ticks } from '../drawing/marks.ts';
import {
  BAR_HEIGHT,
  type Bar,
  BELOW_BAR,
  barChart,
  barLayers,
  endOf,
  hasRoom,
  nameLayers,
  type Plot,
  reachOf,
} from '../drawing/row-chart.ts';
import { type Column, wordLayers } from '../drawing/row-texts.ts';
import {
  failedWords,
  measuredRows,
  NOTHING_MEASURED,
  type Order,
  type Row,
  sortedRows,
  toldRow,
} from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import type { Whisker } from '../drawing/whiskers.ts';
import { BYTES_PER_MIB, figure, MISSING, mebibytes } from '../words/figures.ts';
import { endsOf, type Spread, scaled, spreadOf, uncertainNotes } from '../words/spread.ts';
import { barsOf, type Kind, kindOf, type Level, type MemoryRow, memoryRows, partsOf } from './memory/rows.ts';
import { subject } from '../words/cells.ts';

/** Of the thin bar, which lies so many pixels below the thick one. */
const IDLE = { size: 9, yOffset: 22 } as const;
/** A front that is narrower, in pixels, would vanish behind the line that parts it from the workers. */
const PARTED_FROM = 6;
const ORDER: Order = { figureOf: ({ result }) => result.memory.peakBytes.point, good: 'less', rankedFirst: false };

const memory: Chart = {
  summary: 'memory of the server by model, idle and at its peak, split into front end and workers',
  draw: (input) => {
    const all = sortedRows(input, ORDER);
    const measured = measuredRows(all);
    if (measured.length === 0) return NOTHING_MEASURED;
    const shown = memoryRows(measured);
    const kind = kindOf(measured);
    const spread = spreadOf(shown.map(({ estimate }) => estimate));
    const repeated = shown.filter(({ estimate }) => estimate.trials > 1);
    const whiskers = repeated.map(({ label, estimate }) => ({ label, ...endsOf(estimate) }));
    const sizes = shown.flatMap(({ estimate, idle }) => [estimate.max, estimate.point, idle.mib]);
    const end = endOf(reachOf(sizes, whiskers));
    return barChart({
      input,
      title: findingOf(input.scenario, 'peak-memory') ?? `memory by ${subject(input.scenario.cells)}`,
      measure: 'MiB of memory at its peak, less is better',
      kind: 'Bar chart',
      figures: figuresOf(all, kind),
      notes: notesOf(shown, kind, spread),
      rows: all,
      rowHeight: 74,
      columns: columnsOf(spread),
      words: failedWords(all),
      axisTitle: axisTitle(kind),
      unit: ' MiB',
      end,
      bars: shown.flatMap((row) => peakBars(row, spread)),
      whiskers,
      under: ({ place, width }) => [
        ...barLayers(
          place,
          shown.flatMap((row) => barsOf(row, row.idle, `${figure(row.idle.mib)} MiB idle`)),
          IDLE,
        ),
        ...partingLayers(place, shown, PARTED_FROM * (end / width)),
        ...texts(
          place,
          shown.map(({ label, idle }) => ({ label, x: idle.mib, text: 'idle' })),
          { fontSize: 11, color: INK.quiet, dx: 5, dy: IDLE.yOffset },
        ),
      ],
      over: (plot) => partNames(plot, shown, whiskers, end, spread),
    });
  },
};

export default memory;

function peakBars(row: MemoryRow, spread: Spread): Bar[] {
  return barsOf(row, row.peak, `${figure(row.peak.mib)} MiB at its peak (${spread.textOf(row.estimate)})`);
}

/** A gap between front and workers, where the front has more MiB than this. */
function partingLayers(place: Place, shown: readonly MemoryRow[], fromMib: number): Layer[] {
  const layer = (levelOf: (row: MemoryRow) => Level, look: object): Layer[] => {
    const data = shown.flatMap((row) => {
      const { frontMib } = levelOf(row);
      return frontMib === null || frontMib < fromMib || row.isApart ? [] : [{ label: row.label, x: frontMib }];
    });
    return ticks(place, data, { color: INK.paper, thickness: 2, ...look });
  };
  return [...layer(({ peak }) => peak, { size: BAR_HEIGHT }), ...layer(({ idle }) => idle, IDLE)];
}

/** What the parts of the thick bars are: in them where all of a row have room, else above the bar. */
function partNames(
  { place, width }: Plot,
  shown: readonly MemoryRow[],
  whiskers: readonly Whisker[],
  end: number,
  spread: Spread,
): Layer[] {
  const pixels = (mib: number): number => (mib / end) * width;
  const bars = shown.map((row) => ({ row, parts: peakBars(row, spread) }));
  const isInside = ({ row, parts }: (typeof bars)[number]): boolean =>
    !row.isApart && parts.every((part) => hasRoom(part, whiskers, pixels));
  const above = bars.flatMap((one) => {
    const { isApart, peak, label } = one.row;
    const words = [...(isApart ? ['RSS, not to be compared with PSS'] : []), ...partsOf(peak)].join(' · ');
    return words === '' || isInside(one) ? [] : [{ label, words, dy: -BELOW_BAR }];
  });
  return [
    ...nameLayers(
      place,
      bars.filter(isInside).flatMap(({ parts }) => parts),
    ),
    ...wordLayers(place.y, above, width, 1),
  ];
}

function columnsOf(spread: Spread): Column<Row>[] {
  const of = (title: string, textOf: (memory: CellResult['memory']) => string): Column<Row> => ({
    title,
    value: ({ cell: { result } }) => (result === null ? MISSING : textOf(result.memory)),
  });
  return [
    of('idle MiB', ({ idleBytes }) => mebibytes(idleBytes.point)),
    { ...of('peak MiB', ({ peakBytes }) => mebibytes(peakBytes.point)), strong: true },
    of(spread.title, ({ peakBytes }) => spread.textOf(scaled(peakBytes, 1 / BYTES_PER_MIB))),
  ];
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

function notesOf(shown: readonly MemoryRow[], kind: Kind, spread: Spread): string[] {
  const isRepeated = shown.some(({ estimate }) => estimate.trials > 1);
  const whisker = isRepeated ? ` Whisker: ${spread.meaning}.` : '';
  const isTold = shown.some(({ peak }) => peak.frontMib !== null);
  return [
    `Thick bar: highest size under load. Thin bar: idle, before the load.${whisker}`,
    ...(isTold ? ['Fainter part of a bar: the front end, where it is a process of its own (median over trials).'] : []),
    ...kindNotes(kind),
    ...uncertainNotes(shown.map(({ estimate }) => estimate)),
  ];
}

function figuresOf(all: readonly Row[], kind: Kind): string {
  const parts = all.map(
    toldRow(
      ({ memory: { idleBytes, peakBytes } }) => `${mebibytes(peakBytes.point)}, idle ${mebibytes(idleBytes.point)}`,
    ),
  );
  const sizes = kind === 'both' ? 'PSS and RSS, which are not comparable' : kind.toUpperCase();
  return `MiB at its peak, ${sizes}: ${parts.join('; ')}`;
}
