/** Draws the charts of a report, one after the other. */
import type { TopLevelSpec } from 'vega-lite';
import type { SeriesSummary } from '../../harness/judge/schema/series.ts';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { faultText } from '../../harness/plan/faults.ts';
import { charts, ofFaults, ofSeries, overviews } from '../charts/index.ts';
import type { Drawing, Overview } from '../drawing/input.ts';
import type { Reported } from '../words/runs.ts';
import type { ImageOptions } from './options.ts';
import { renderSvg } from './render.ts';
import { themed } from './themes.ts';

/** A chart of a report, drawn or left out. */
export type DrawnChart = {
  /** Key in the chart registry. */
  readonly name: string;
  /** Id of the scenario; null for a chart of the whole run. */
  readonly scenario: string | null;
  /** What it is of, where its chart has several images: `light requests at 158/s`; absent for the first. */
  readonly part?: string;
} & (
  | {
      readonly kind: 'drawn';
      /** Base name of its files. */
      readonly file: string;
      readonly spec: TopLevelSpec;
      /** In the theme that was asked for, as large as it was laid out. */
      readonly svg: string;
      /** The same in light colours, for a page that follows its reader. */
      readonly light: string;
      readonly alt: string;
    }
  | {
      /** An SVG that is a file of its own and nothing else. */
      readonly kind: 'moving';
      readonly file: string;
      readonly svg: string;
      readonly alt: string;
    }
  | { readonly kind: 'omitted'; readonly reason: string }
);

/** Every chart that was asked for: first those of the run, then those of each scenario. */
export async function* drawCharts(report: Reported, options: ImageOptions): AsyncGenerator<DrawnChart> {
  const { summary, traces } = report;
  const { canvas } = options;
  const isAsked = (name: string) => options.charts?.includes(name) ?? true;
  const slugOf = slugs(summary.scenarios.map(({ id }) => id));
  for (const [name, load] of Object.entries(overviews).filter(([key]) => isAsked(key))) {
    const { default: overview }: { readonly default: Overview } = await load();
    if (options.charts === null && overview.isFor?.(summary) === false) continue;
    yield await drawn(name, null, name, overview.draw({ summary, traces, canvas }), options);
  }
  yield* drawSeries(report, options, isAsked);
  for (const scenario of summary.scenarios) {
    for (const [name, load] of Object.entries(charts).filter(([key]) => isAsked(key))) {
      const { default: chart } = await load();
      const file = `${name}-${slugOf(scenario.id)}`;
      const input = { scenario, summary, traces, canvas };
      yield await drawn(name, scenario, file, chart.draw(input), options);
      const parts = chart.parts?.(input) ?? [];
      const partOf = slugs(parts.map(({ of }) => of));
      for (const { of, drawing } of parts) {
        if (drawing.kind === 'omitted') continue;
        yield { ...(await drawn(name, scenario, `${file}-${partOf(of)}`, drawing, options)), part: of };
      }
    }
    yield* drawFaults(report, scenario, slugOf(scenario.id), options, isAsked);
  }
}

/** Charts of each series, which nothing is said of where nothing was varied, unless they were asked for. */
async function* drawSeries(
  { summary, traces }: Reported,
  options: ImageOptions,
  isAsked: (name: string) => boolean,
): AsyncGenerator<DrawnChart> {
  const { series = [] } = summary;
  const quantityOf = ({ along }: SeriesSummary): string => (along.kind === 'parameter' ? along.name : along.kind);
  const slugOf = slugs(series.map((one) => `${quantityOf(one)} ${one.of}`));
  for (const [name, load] of Object.entries(ofSeries).filter(([key]) => isAsked(key))) {
    if (series.length === 0 && options.charts !== null) {
      yield { name, scenario: null, kind: 'omitted', reason: 'nothing was varied in this run' };
    }
    const { default: chart } = await load();
    for (const one of series) {
      const file = `${name}-${slugOf(`${quantityOf(one)} ${one.of}`)}`;
      const drawing = chart.draw({ summary, traces, canvas: options.canvas }, one);
      yield { ...(await drawn(name, null, file, drawing, options)), part: `${quantityOf(one)}, ${one.of}` };
    }
  }
}

/** Charts of each fault of a scenario, of which nothing is said where there was none, unless they were asked for. */
async function* drawFaults(
  { summary, traces }: Reported,
  scenario: ScenarioSummary,
  slugOfScenario: string,
  options: ImageOptions,
  isAsked: (name: string) => boolean,
): AsyncGenerator<DrawnChart> {
  const { faults = [] } = scenario;
  const slugOf = slugs(faults.map(({ fault }) => faultText(fault)));
  for (const [name, load] of Object.entries(ofFaults).filter(([key]) => isAsked(key))) {
    if (faults.length === 0 && options.charts !== null) {
      yield { name, scenario: scenario.id, kind: 'omitted', reason: 'no fault was put in (--fault)' };
    }
    const { default: chart } = await load();
    for (const one of faults) {
      const part = faultText(one.fault);
      const drawing = chart.draw({ scenario, summary, traces, canvas: options.canvas }, one);
      const file = `${name}-${slugOfScenario}-${slugOf(part)}`;
      yield drawing.kind === 'moving'
        ? { name, scenario: scenario.id, part, file, ...drawing }
        : { ...(await drawn(name, scenario, file, drawing, options)), part };
    }
  }
}

/** A chart in the theme that was asked for; `scenario` is null for one of more than a scenario. */
export async function drawn(
  name: string,
  scenario: ScenarioSummary | null,
  file: string,
  drawing: Drawing,
  { theme, charts: asked }: ImageOptions,
): Promise<DrawnChart> {
  const identity = { name, scenario: scenario?.id ?? null };
  if (drawing.kind === 'omitted') return { ...identity, kind: 'omitted', reason: drawing.reason };
  const spec = themed(drawing.spec, theme);
  try {
    const svg = await renderSvg(spec);
    // Only a page shows it.
    const light = theme === 'light' || asked !== null ? svg : await renderSvg(drawing.spec);
    return { ...identity, kind: 'drawn', file, spec, svg, light, alt: drawing.alt };
  } catch (cause) {
    const of = scenario === null ? '' : ` of scenario ${scenario.id}`;
    throw new Error(`chart ${name}${of} failed`, { cause });
  }
}

const LONGEST = 60;

/**
 * A part of a file name for each id, distinct on file systems that ignore case, and free of anything that a path, a
 * shell or a link would interpret. The result depends only on the ids and their order.
 */
export function slugs(ids: readonly string[]): (id: string) => string {
  const taken = new Set<string>();
  const byId = new Map<string, string>();
  for (const id of ids) {
    if (byId.has(id)) continue;
    const base = slug(id);
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    byId.set(id, name);
  }
  return (id) => byId.get(id) ?? slug(id);
}

function slug(id: string): string {
  const safe = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, LONGEST)
    .replace(/^-|-$/gu, '');
  return safe === '' ? 'scenario' : safe;
}
