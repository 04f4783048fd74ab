/** Charts on the page: as figures, left out for a reason, or beside the page where it would get too large. */
import { capital } from '../../harness/judge/words.ts';
import type { DrawnChart as Drawing } from '../images/draw.ts';
import { isolated, labelled, readableWidth, slimmed, themeable, withoutWordless } from '../images/svg.ts';
import { html } from '../words/escape.ts';
import { folded, type Markup, scrolling } from './markup.ts';

/** A chart of a report: drawn, or left out for a reason. */
export type ReportChart = {
  /** Key in the chart registry. */
  readonly name: string;
  /** Id of the scenario; null where the chart is of the whole run. */
  readonly scenario: string | null;
  /** What it is of, where its chart has several images; absent for the first. */
  readonly part?: string;
} & (
  | {
      readonly kind: 'drawn';
      readonly svg: string;
      readonly alt: string;
      /** Name of its files beside the page, without folder and ending; null where there are none. */
      readonly file: string | null;
    }
  /** Beside the page, where it moves as an image of its own. */
  | { readonly kind: 'moving'; readonly alt: string; readonly file: string }
  | { readonly kind: 'omitted'; readonly reason: string }
);

export type DrawnChart = Extract<ReportChart, { kind: 'drawn' }>;

/** A chart as reports show it, with files beside the page. */
export function reportChart(chart: Drawing): ReportChart {
  const { name, scenario, part } = chart;
  const identity = { name, scenario, ...(part === undefined ? {} : { part }) };
  if (chart.kind === 'omitted') return { ...identity, kind: 'omitted', reason: chart.reason };
  if (chart.kind === 'moving') return { ...identity, kind: 'moving', alt: chart.alt, file: chart.file };
  return { ...identity, kind: 'drawn', svg: chart.light, alt: chart.alt, file: chart.file };
}

/** A chart that would make the page too large: its files are beside the page, but it is not on it. */
export interface ChartApart {
  readonly kind: 'apart';
  readonly name: string;
  readonly scenario: string | null;
  readonly part?: string;
  readonly alt: string;
  readonly file: string;
}

/** A chart as the page shows it. */
export type PageChart = ReportChart | ChartApart;

/** Words that are not written in lower case. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['cpu', 'CPU'],
  ['gc', 'GC'],
  ['slo', 'SLO'],
]);

/** A chart's name for people: `cpu-per-request` is “CPU per request”. */
export function chartTitle(name: string): string {
  const words = name.split('-').map((word) => SPELLINGS.get(word) ?? word);
  return capital(words.join(' '));
}

/** The files of a chart beside the page, by their endings. */
const FILES = [
  ['.svg', 'SVG'],
  ['.png', 'PNG'],
  ['@2x.png', 'PNG 2×'],
  ['.vl.json', 'Vega-Lite'],
] as const;

/** A figure in the colours of the page, with links to its files. `of` says of what; `id` prefixes all ids within. */
export function chartFigure(chart: DrawnChart | ChartApart, of: string, id: string): Markup {
  const title = [chartTitle(chart.name), ...(chart.part === undefined ? [] : [chart.part])].join(', ');
  const about = `${title}, ${of}`;
  const content = chart.kind === 'drawn' ? image(chart, about, id) : apart(chart);
  const hint = chart.kind === 'drawn' ? ' <span class="hint" aria-hidden="true">scroll sideways →</span>' : '';
  const ways = chart.file === null ? '' : ` <span class="files">${files(chart.file, about)}</span>`;
  return [
    `<figure id="${id}" data-chart="${html(chart.name)}" data-title="${html(chartTitle(chart.name))}">`,
    content,
    `<figcaption><span>${html(title)}</span>${hint}${ways}</figcaption>`,
    '</figure>',
  ].join('\n');
}

function image({ svg, alt }: DrawnChart, about: string, id: string): Markup {
  const own = slimmed(withoutWordless(themeable(isolated(svg, `${id}-`))));
  const least = readableWidth(svg);
  const style = least === null ? '' : ` style="min-width:${least}px"`;
  const sized = own.replace('<svg', () => `<svg${style}`);
  return scrolling(about, labelled(sized, alt));
}

/** In place of an image: a link to it, and its description for everybody. */
function apart({ file, alt }: ChartApart): Markup {
  const name = `${file}.svg`;
  const link = `<a href="${html(`./${encodeURIComponent(name)}`)}">${html(name)}</a>`;
  return `<p class="apart">Too large for this page: see ${link}.</p>\n${folded('In words', `<p>${html(alt)}</p>`)}`;
}

/** Links that stay beside the page: a name can neither leave the folder nor be taken for an address. */
function files(file: string, about: string): Markup {
  const base = `./${encodeURIComponent(file)}`;
  return FILES.map(
    ([ending, kind]) =>
      `<a href="${html(`${base}${ending}`)}" aria-label="${html(`${kind} of ${about}`)}">${html(kind)}</a>`,
  ).join(' · ');
}

/** Why charts are missing: a sentence per reason, in plain text. */
export function omittedLines(charts: readonly PageChart[]): string[] {
  const namesByReason = new Map<string, string[]>();
  for (const chart of charts) {
    if (chart.kind !== 'omitted') continue;
    namesByReason.set(chart.reason, [...(namesByReason.get(chart.reason) ?? []), `“${chartTitle(chart.name)}”`]);
  }
  return [...namesByReason].map(
    ([reason, names]) => `No ${names.length === 1 ? 'chart' : 'charts'} ${names.join(', ')}: ${reason}.`,
  );
}

/** A page with more bytes than this gives up images, so that it can be sent and opened, however large the run. */
export const MOST_BYTES = 1_900_000;

/** The most that the notice about images that were given up takes. */
const NOTICE_BYTES = 500;

/**
 * The charts with as many images given up as it takes to save `excess` bytes: the largest first, of equal ones the first, and
 * those of the whole run only when no others are left.
 */
export function lighter(charts: readonly ReportChart[], excess: number): PageChart[] {
  const heaviest = charts
    .flatMap((chart) => {
      if (chart.kind !== 'drawn' || chart.file === null) return [];
      const { kind: _, svg: __, file, ...rest } = chart;
      const other = { kind: 'apart', ...rest, file } as const;
      return [{ chart, other, bytes: bytesSaved(chart, other) }];
    })
    .toSorted((a, b) => Number(isOfRun(a.chart)) - Number(isOfRun(b.chart)) || b.bytes - a.bytes);
  const givenUp = new Map<ReportChart, ChartApart>();
  let left = excess + NOTICE_BYTES;
  for (const { chart, other, bytes } of heaviest) {
    if (left <= 0) break;
    givenUp.set(chart, other);
    left -= bytes;
  }
  return charts.map((chart) => givenUp.get(chart) ?? chart);
}

/** The notice above the charts when some are not on the page, in plain text; null when all are. */
export function apartText(charts: readonly PageChart[]): string | null {
  const count = charts.filter(({ kind }) => kind === 'apart').length;
  if (count === 0) return null;
  const which = count === 1 ? 'The largest chart is' : `The ${count} largest charts are`;
  return `${which} not drawn on this page, which would be too large: see the images beside it.`;
}

/** As the page is stored. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function bytesSaved(chart: DrawnChart, other: ChartApart): number {
  return bytesOf(chartFigure(chart, '', '')) - bytesOf(chartFigure(other, '', ''));
}

function isOfRun({ scenario }: ReportChart): boolean {
  return scenario === null;
}
