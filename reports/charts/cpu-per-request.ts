import { findingOf } from '../../harness/judge/answer/finding.ts';
import type { CellResult } from '../../harness/judge/schema/summary.ts';
import { isPlain } from '../drawing/canvas.ts';
import type { Chart } from '../drawing/input.ts';
import { bars } from '../drawing/marks.ts';
import { BELOW_BAR, barChart, endOf, hasRoom, nameLayers, reachOf } from '../drawing/row-chart.ts';
import type { Column } from '../drawing/row-texts.ts';
import {
  failedWords,
  type MeasuredRow,
  measuredRows,
  NOTHING_MEASURED,
  type Order,
  type Row,
  rowNote,
  sortedRows,
  toldRow,
} from '../drawing/rows.ts';
import { INK } from '../drawing/theme.ts';
import type { Whisker } from '../drawing/whiskers.ts';
import { figure, given, MISSING } from '../words/figures.ts';
import { endsOf, isUnsettled, type Spread, scaled, spreadOf, uncertainNotes } from '../words/spread.ts';
import { besideText, type CpuUnit, cpuUnit, partsOf, roleParts, rolesOf } from './cpu-per-request/roles.ts';
import { subject } from '../words/cells.ts';

/** Beyond this multiple of everything measured the line of the handler would squeeze the bars, and is told in words. */
const FARTHEST_HANDLER = 2;
const ORDER: Order = { figureOf: ({ result }) => result.cpuMsPerRequest.point, good: 'less', rankedFirst: false };

const cpuPerRequest: Chart = {
  summary: 'CPU time per request by model, split into front end, workers and helper threads',
  draw: (input) => {
    const all = sortedRows(input, ORDER);
    const measured = measuredRows(all);
    if (measured.length === 0) return NOTHING_MEASURED;
    const results = measured.map(({ result }) => result);
    const unit = cpuUnit(results);
    const spread = spreadOf(results.map(({ cpuMsPerRequest }) => cpuMsPerRequest));
    const { limit } = input.scenario;
    const handler = limit?.kind === 'cpu' ? limit.kernelCpuMs * unit.perMs : null;
    const handlerText = handler === null ? '' : `handler ${given(handler)} ${unit.name}`;
    const whiskers = whiskersOf(measured, unit);
    const totals = results.map(({ cpuMsPerRequest }) => cpuMsPerRequest.point * unit.perMs);
    const reach = reachOf(totals, whiskers);
    const end = endOf(handler === null || handler > reach * FARTHEST_HANDLER ? reach : Math.max(reach, handler));
    const parts = measured.flatMap((row) => partsOf(row, unit)).filter(({ from, to }) => to > from);
    return barChart({
      input,
      title:
        findingOf(input.scenario, 'cpu-per-request') ??
        `CPU time per request by ${subject(input.scenario.cells)} and role`,
      measure: `${unit.name} of CPU time of the server per request, less is better`,
      kind: 'Stacked bars',
      figures: figuresOf(all, unit, handlerText),
      notes: notesOf(results, spread, handler),
      rows: all,
      rowHeight: 64,
      columns: columnsOf(results, spread, unit),
      words: isPlain(input.canvas) ? failedWords(all) : all.map((row) => wordsOf(row, unit)),
      axisTitle: `CPU time of the server per request in ${unit.name}`,
      unit: ` ${unit.name}`,
      end,
      bars: parts,
      whiskers,
      reference: handler === null ? null : { at: handler, text: handlerText },
      under: ({ place, width }) => [
        // An edge, because the faintest parts are hardly seen.
        ...bars(
          place,
          parts.map(({ label, from, to, colour }) => ({ label, x: from, x2: to, stroke: colour })),
          { size: 26, filled: false, strokeWidth: 1.4 },
        ),
        ...nameLayers(
          place,
          parts.filter((part) => hasRoom(part, whiskers, (value) => (value / end) * width)),
        ),
      ],
    });
  },
};

export default cpuPerRequest;

/** Of the totals that have more than one trial, as far as an interval says anything; in the unit of the chart. */
function whiskersOf(measured: readonly MeasuredRow[], { perMs }: CpuUnit): Whisker[] {
  return measured.flatMap(({ label, result: { cpuMsPerRequest } }) => {
    const ends = endsOf(scaled(cpuMsPerRequest, perMs));
    return cpuMsPerRequest.trials > 1 && !isUnsettled(cpuMsPerRequest) ? [{ label, ...ends }] : [];
  });
}

/** Below a bar what used CPU time beside the server; in place of one why there is none. */
function wordsOf(row: Row, unit: CpuUnit) {
  const { label, cell } = row;
  if (cell.result === null) return { label, words: rowNote(row) ?? '', dy: null };
  return { label, words: `beside it: ${besideText(cell.result, unit)}`, dy: BELOW_BAR };
}

function columnsOf(results: readonly CellResult[], spread: Spread, unit: CpuUnit): Column<Row>[] {
  const { name, perMs } = unit;
  const of = (title: string, textOf: (result: CellResult) => string): Column<Row> => ({
    title,
    value: ({ cell: { result } }) => (result === null ? MISSING : textOf(result)),
  });
  return [
    { ...of(`total ${name}`, ({ cpuMsPerRequest }) => figure(cpuMsPerRequest.point * perMs)), strong: true },
    of(spread.title, ({ cpuMsPerRequest }) => spread.textOf(scaled(cpuMsPerRequest, perMs))),
    ...rolesOf(results).map(({ role, opacity }) => ({
      ...of(role, (result) => {
        const part = roleParts(result, unit).find((one) => one.role === role);
        return part === undefined ? MISSING : figure(part.time);
      }),
      symbol: {
        shape: 'square',
        size: 121,
        filled: true,
        fill: INK.normal,
        fillOpacity: opacity,
        stroke: INK.normal,
        strokeWidth: 1,
      },
    })),
  ];
}

function figuresOf(all: readonly Row[], unit: CpuUnit, handler: string): string {
  const parts = all.map(
    toldRow((result) => {
      const roles = roleParts(result, unit).map(({ role, time }) => `${role} ${figure(time)}`);
      const total = figure(result.cpuMsPerRequest.point * unit.perMs);
      return roles.length === 0 ? total : `${total}, of which ${roles.join(', ')}`;
    }),
  );
  return [`${unit.name} per request: ${parts.join('; ')}`, ...(handler === '' ? [] : [handler])].join('; ');
}

function notesOf(results: readonly CellResult[], spread: Spread, handler: number | null): string[] {
  const roles = rolesOf(results);
  const isUntold = results.some((result) => rolesOf([result]).length === 0);
  const front = roles.some(({ role }) => role === 'front')
    ? 'Front: the front end of a pool or the primary of a cluster. '
    : '';
  return [
    `Total: estimate over trials. Whisker: ${spread.meaning}.`,
    ...(roles.length === 0
      ? []
      : [
          `${front}Workers: the threads that run handler code. Helpers: garbage collection, compilation, thread pool.`,
          'The parts add up to the total: it is told apart by the shares of the roles, from medians over trials.',
        ]),
    ...(isUntold ? ['One bar for all where threads cannot be distinguished.'] : []),
    ...(handler === null
      ? []
      : ['Handler: its CPU time without a server around it. What a bar has beyond it is the cost of serving.']),
    'Below a bar: CPU time of what ran beside the server, which is not in the bar.',
    ...uncertainNotes(results.map(({ cpuMsPerRequest }) => cpuMsPerRequest)),
  ];
}
