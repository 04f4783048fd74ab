import type { CellResult } from '../../harness/judge/schema/summary.ts';
import { type Content, frame } from '../drawing/frame.ts';
import type { ChartInput } from '../drawing/input.ts';
import { rowAxis } from '../drawing/layers.ts';
import { type RowWords, wordLayers } from '../drawing/row-words.ts';
import { measuredRows, type Row, rowNote, rows } from '../drawing/rows.ts';
import { columnRights, columnsWidth, type TextColumn, textColumnLayers } from '../drawing/text-columns.ts';
import { arrowheadNotes, cutWhiskers, goesOn } from '../drawing/whiskers.ts';
import { scenarioTitle } from '../words/cells.ts';
import { figure, given, MISSING, UNSETTLED } from '../words/figures.ts';
import { endsOf, type Spread, spreadOf } from '../words/spread.ts';
import type { Chart } from './chart.ts';
import { endOf, handlerLayers, handlerOf, isUnsettled, scaled, whiskersOf } from './cpu-per-request/extent.ts';
import { cpuAxis, nameLayers, partLayers, SWATCH_ROOM, swatchLayer } from './cpu-per-request/layers.ts';
import { besideText, type CpuUnit, cpuUnit, partsOf, rolesOf } from './cpu-per-request/roles.ts';

const ROW_HEIGHT = 64;
const BAR_HEIGHT = 28;
const BELOW = BAR_HEIGHT / 2 + 11;

/** Below a bar what used CPU time beside the server; in place of one why there is none. */
function wordsOf(row: Row, unit: CpuUnit): RowWords {
  const { label, cell } = row;
  if (cell.result === null) return { label, words: rowNote(row) ?? '', isBelow: false };
  return { label, words: `beside it: ${besideText(cell.result, unit)}`, isBelow: true };
}

function columnsOf(results: readonly CellResult[], spread: Spread, { name, perMs }: CpuUnit): TextColumn<Row>[] {
  const of = (title: string, textOf: (result: CellResult) => string): TextColumn<Row> => ({
    title,
    value: ({ cell: { result } }) => (result === null ? MISSING : textOf(result)),
  });
  return [
    { ...of(`total ${name}`, ({ cpuMsPerRequest }) => figure(cpuMsPerRequest.point * perMs)), strong: true },
    of(spread.title, ({ cpuMsPerRequest }) => spread.textOf(scaled(cpuMsPerRequest, perMs))),
    ...rolesOf(results).map(({ role }) => ({
      ...of(role, ({ cpuByRole }) => (cpuByRole[role] === null ? MISSING : figure(cpuByRole[role] * perMs))),
      mark: SWATCH_ROOM,
    })),
  ];
}

function altText(
  { scenario }: ChartInput,
  all: readonly Row[],
  spread: Spread,
  unit: CpuUnit,
  handler: string,
): string {
  const parts = all.map((row) => {
    const { result } = row.cell;
    if (result === null) return `${row.label} ${rowNote(row) ?? ''}`.trim();
    const { cpuByRole } = result;
    const total = scaled(result.cpuMsPerRequest, unit.perMs);
    const roles = rolesOf([result]).map(({ role }) => `${role} ${figure((cpuByRole[role] ?? 0) * unit.perMs)}`);
    const made = roles.length === 0 ? '' : `: ${roles.join(', ')}`;
    return `${row.label} ${figure(total.point)} (${spread.textOf(total)})${made}; beside it ${besideText(result, unit)}`;
  });
  const isTold = measuredRows(all).some(({ result }) => rolesOf([result]).length > 0);
  const shown = `CPU time of the server per request in ${unit.name}${isTold ? ', of each role the median over trials' : ''}`;
  const figures = `${shown}, with the ${spread.meaning}: ${parts.join('; ')}.`;
  return `Stacked bars of ${scenarioTitle(scenario)}: ${figures}${handler === '' ? '' : ` Without a server: ${handler}.`}`;
}

function notesOf(
  results: readonly CellResult[],
  spread: Spread,
  handler: number | null,
  hasArrowheads: boolean,
): string[] {
  const roles = rolesOf(results);
  const isUntold = results.some((result) => rolesOf([result]).length === 0);
  const front = roles.some(({ role }) => role === 'front')
    ? 'Front: the front of a pool or the primary of a cluster. '
    : '';
  return [
    [`Total: estimate over trials. Whisker: ${spread.meaning}.`, ...arrowheadNotes(hasArrowheads)].join(' '),
    ...(roles.length === 0
      ? []
      : [
          `${front}Workers: the threads that run handler code. Helpers: garbage collection, compilation, thread pool.`,
          'Parts: the shares of the roles, from medians over trials. These stand in the columns, and need not add up to the total.',
        ]),
    ...(isUntold ? ['One bar for all where threads are not told apart.'] : []),
    ...(handler === null
      ? []
      : ['Handler: its CPU time without a server around it. What a bar has beyond it is the cost of serving.']),
    'Below a bar: CPU time of what ran beside the server, which is not in the bar.',
    ...(results.some(({ cpuMsPerRequest }) => isUnsettled(endsOf(cpuMsPerRequest)))
      ? [`${UNSETTLED.replace('u', 'U')}.`]
      : []),
  ];
}

const cpuPerRequest: Chart = {
  summary: 'CPU time per request by model, told apart by front, workers and helper threads',
  draw: (input) => {
    const all = rows(input);
    const measured = measuredRows(all);
    if (measured.length === 0) return { kind: 'omitted', reason: 'no model has a valid trial' };
    const results = measured.map(({ result }) => result);
    const unit = cpuUnit(results);
    const spread = spreadOf(results.map(({ cpuMsPerRequest }) => cpuMsPerRequest));
    const handler = handlerOf(input, unit);
    const handlerText = handler === null ? '' : `handler ${given(handler)} ${unit.name}`;
    const end = endOf(measured, handler, unit);
    const x = cpuAxis(end, unit.name);
    const y = rowAxis(all);
    const parts = measured.flatMap((row) => partsOf(row, unit));
    const whiskers = whiskersOf(measured, unit);
    const columns = columnsOf(results, spread, unit);
    const alt = altText(input, all, spread, unit, handlerText);
    const content: Content = {
      input,
      shows: 'CPU time per request by role',
      notes: notesOf(
        results,
        spread,
        handler,
        whiskers.some((one) => goesOn(one, end)),
      ),
      alt,
      rowLabels: all.map(({ label }) => label),
      rowHeight: ROW_HEIGHT,
      columnsWidth: columnsWidth(columns, all),
      headHeight: handler === null ? 30 : 52,
    };
    const spec = frame(content, ({ plotWidth }) => {
      const rights = columnRights(columns, all, plotWidth).slice(-rolesOf(results).length);
      return [
        ...partLayers(x, y, parts, BAR_HEIGHT),
        ...(handler === null ? [] : handlerLayers(handler, handlerText, end, plotWidth)),
        ...nameLayers(x, y, parts, whiskers, plotWidth),
        ...cutWhiskers(x, y, whiskers, end),
        ...wordLayers(
          y,
          all.map((row) => wordsOf(row, unit)),
          { plotWidth, below: BELOW, linesBelow: 1 },
        ),
        ...textColumnLayers(y, columns, all, plotWidth),
        ...rolesOf(results).map((role, i) => swatchLayer(role, rights[i] ?? plotWidth)),
      ];
    });
    return { kind: 'spec', spec, alt };
  },
};

export default cpuPerRequest;
