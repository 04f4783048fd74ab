import { countText, isGone, isOpen } from '../../../harness/judge/faults/words.ts';
import type { FaultedModel, FaultSummary } from '../../../harness/judge/schema/faults.ts';
import type { ScenarioSummary } from '../../../harness/judge/schema/summary.ts';
import { list, scenarioTitle } from '../../../harness/judge/words.ts';
import { faultText } from '../../../harness/plan/faults.ts';
import { isNarrow } from '../../drawing/canvas.ts';
import { frame } from '../../drawing/frame.ts';
import type { Overview, OverviewInput } from '../../drawing/input.ts';
import { IN_PIXELS, type Layer, points, rules, texts } from '../../drawing/marks.ts';
import { rowLabels } from '../../drawing/rows.ts';
import { cut, textWidth } from '../../drawing/text-width.ts';
import { INK, modelColours } from '../../drawing/theme.ts';
import { visible } from '../../words/escape.ts';
import { faultedNames, lostText } from '../../words/faults.ts';
import { counted } from '../../words/figures.ts';

/** A fault of a scenario. */
interface Column {
  readonly scenario: ScenarioSummary;
  readonly fault: FaultSummary;
  readonly title: string;
  /** By label of the row. */
  readonly models: ReadonlyMap<string, FaultedModel>;
}

const MOST_COLUMNS = 3;
const COLUMN_GAP = 28;
const HEAD_HEIGHT = 34;
const ROW_HEIGHT = { beside: 26, below: 42 } as const;
/** Of a column, for its figures. */
const FIGURE_WIDTH = 76;
const TITLE = { size: 14, face: 'bold' } as const;

const lostRequests: Overview = {
  summary: 'requests that each fault of a run costs each model, with intervals, on one scale',
  isFor: ({ scenarios }) => scenarios.some(({ faults = [] }) => faults.length > 0),
  draw: (input) => {
    const columns = columnsOf(input);
    const [first] = columns;
    if (first === undefined)
      return { kind: 'omitted', reason: 'no fault was put in (--fault), or none has a valid trial' };
    const labels = [...new Set(columns.flatMap(({ models }) => [...models.keys()]))];
    const scenarios = new Set(columns.map(({ scenario }) => scenario.id)).size;
    const inWords = scenarios === 1 ? first.scenario.inWords : counted(scenarios, 'scenario');
    const narrow = isNarrow(input.canvas);
    const across = narrow ? 1 : Math.min(MOST_COLUMNS, columns.length);
    const down = Math.ceil(columns.length / across);
    const rowHeight = narrow ? ROW_HEIGHT.below : ROW_HEIGHT.beside;
    const block = HEAD_HEIGHT + labels.length * rowHeight;
    const content = {
      input: { ...input, scenario: { ...first.scenario, inWords } },
      title: titleOf(columns),
      measure: 'requests lost by each fault, less is better',
      kind: 'Dot plot',
      figures: columns.map((column) => `${column.title}: ${toldColumn(column)}`).join('; '),
      notes: ['Dot: mean over faults. Line: its 95% interval over trials. ≥: it was not over when the trial was.'],
      rowLabels: narrow ? [] : labels,
      rowHeight: 0,
      plotHeight: down * block,
      columnsWidth: 0,
      headHeight: 0,
      axisHeight: 14,
      conditions: [],
    };
    const at = scaleOf(columns);
    const colourOf = modelColours(input.summary);
    return frame(content, ({ plotWidth }) => {
      const width = (plotWidth - COLUMN_GAP * (across - 1)) / across;
      return columns.flatMap((column, i) => {
        const place = { left: (i % across) * (width + COLUMN_GAP), top: Math.floor(i / across) * block };
        const rows = labels.map((label, row) => ({
          ...{ label, model: column.models.get(label), top: place.top + HEAD_HEIGHT + row * rowHeight },
        }));
        const names = narrow
          ? rows.map(({ label, top }) => ({ x: place.left, y: top + 8, text: cut(label, width, TITLE) }))
          : i % across > 0
            ? []
            : rows.map(({ label, top }) => ({ x: place.left - 14, y: top + rowHeight / 2, text: label }));
        return [
          ...texts(IN_PIXELS, [{ x: place.left, y: place.top + 14, text: cut(column.title, width, TITLE) }], {
            ...{ fontSize: TITLE.size, fontWeight: 'bold', color: INK.strong },
          }),
          ...texts(IN_PIXELS, names, {
            align: narrow ? 'left' : 'right',
            fontSize: narrow ? 13 : 15,
            color: INK.strong,
          }),
          ...rows.flatMap(({ label, model, top }) => {
            const y = top + (narrow ? rowHeight - 12 : rowHeight / 2);
            return rowLayers(column, label, model, { left: place.left, y, width }, at, colourOf(model?.model ?? ''));
          }),
        ];
      });
    });
  },
};

export default lostRequests;

function columnsOf({ summary: { scenarios } }: OverviewInput): Column[] {
  const faulted = scenarios.filter(({ faults = [] }) => faults.length > 0);
  return faulted.flatMap((scenario) =>
    (scenario.faults ?? []).flatMap((fault): Column[] => {
      if (fault.models.every(({ figures }) => figures === null)) return [];
      const names = faultedNames(fault, scenario);
      const labels = rowLabels(fault.models.map(({ cell, model }) => names.get(cell) ?? model));
      const models = new Map(fault.models.map((model, i) => [labels[i] ?? '', model]));
      const name = faultText(fault.fault);
      return [
        {
          scenario,
          fault,
          models,
          title: visible(faulted.length === 1 ? name : `${name}, ${scenarioTitle(scenario)}`),
        },
      ];
    }),
  );
}

/** From none to the most that is lost; logarithmic, but with a place for zero. */
function scaleOf(columns: readonly Column[]): (requests: number) => number {
  const all = columns.flatMap(({ models }) => [...models.values()].flatMap(({ figures }) => figures?.lost.high ?? []));
  const most = Math.log1p(Math.max(1, ...all));
  return (requests) => Math.min(1, Math.log1p(Math.max(0, requests)) / most);
}

function rowLayers(
  { fault }: Column,
  label: string,
  model: FaultedModel | undefined,
  { left, y, width }: { readonly left: number; readonly y: number; readonly width: number },
  at: (requests: number) => number,
  colour: string,
): Layer[] {
  const end = left + width - FIGURE_WIDTH;
  const axis = rules(IN_PIXELS, [{ x: left, x2: end, y, y2: y }], { color: INK.grid, strokeWidth: 1 });
  if (model === undefined || model.figures === null) {
    const text = model === undefined ? '' : 'no figure';
    return [...axis, ...texts(IN_PIXELS, [{ x: end + 10, y, text }], { fontStyle: 'italic', color: INK.quiet })];
  }
  const { lost } = model.figures;
  const x = (requests: number): number => left + 5 + at(requests) * (end - left - 10);
  const isMore = isGone(model) || isOpen(model);
  const description = visible(`${label}: ${lostText(model, lost)} requests lost by each ${faultText(fault.fault)}`);
  return [
    ...axis,
    ...rules(IN_PIXELS, [{ x: x(lost.low), x2: x(lost.high), y, y2: y }], {
      color: colour,
      strokeWidth: 3,
      opacity: 0.5,
    }),
    ...points(IN_PIXELS, [{ x: x(lost.point), y, fill: colour, stroke: colour, description }], { size: 90 }),
    ...texts(IN_PIXELS, [{ x: end + 10, y, text: `${isMore ? '≥' : ''}${countText(lost.point)}` }], {
      ...{ fontWeight: 'bold', color: INK.strong },
    }),
  ];
}

/** Who is never shown to lose more than the best, and still there; that of the only fault. */
function titleOf(columns: readonly Column[]): string {
  const least = columns.map(({ models }) =>
    [...models].flatMap(([label, model]) =>
      (model.verdict === 'best' || model.verdict === 'level') && !isGone(model) ? [label] : [],
    ),
  );
  const always = (least[0] ?? []).filter((label) => least.every((labels) => labels.includes(label)));
  if (always.length === 0) return 'requests lost by model and fault';
  const of =
    columns.length === 1
      ? (columns[0]?.title ?? '')
      : columns.length === 2
        ? 'both faults'
        : `all ${columns.length} faults`;
  const text = `${list(always)} ${always.length === 1 ? 'is' : 'are'} not shown to lose more than the best to ${of}`;
  return textWidth(text, TITLE.size) > 1200 ? 'requests lost by model and fault' : text;
}

function toldColumn({ models }: Column): string {
  return [...models]
    .map(
      ([label, model]) => `${label} ${model.figures === null ? 'not measured' : lostText(model, model.figures.lost)}`,
    )
    .join(', ');
}
