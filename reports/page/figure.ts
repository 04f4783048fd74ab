/** Charts as figures: the image in the colours of the page, and the files that hold it. */
import { html } from '../escape.ts';
import { type Markup, scrolling } from './markup.ts';
import { chartTitle, type DrawnChart, omittedLines, type ReportChart } from './report-chart.ts';
import { isolated, labelled, slimmed, themeable } from './svg.ts';

/** What lies beside the page in a folder that is whole, by its ending. */
const FILES = [
  ['.svg', 'SVG'],
  ['.png', 'PNG'],
  ['@2x.png', 'PNG 2×'],
  ['.vl.json', 'Vega-Lite'],
] as const;

/** `of` says of what the chart is, and `id` is of the figure and the first part of all ids within. */
export function chartFigure(chart: DrawnChart, of: string, id: string): Markup {
  const title = chartTitle(chart.name);
  const image = labelled(slimmed(themeable(isolated(chart.svg, `${id}-`))), chart.alt);
  const about = `${title}, ${of}`;
  return [
    `<figure id="${id}" data-chart="${html(chart.name)}" data-title="${html(title)}">`,
    scrolling(about, image),
    `<figcaption><span>${html(title)}</span> <span class="files">${files(chart.file, about)}</span></figcaption>`,
    '</figure>',
  ].join('\n');
}

/** Links that stay beside the page: a name can neither leave the folder nor be taken for an address. */
function files(file: string, about: string): Markup {
  const base = `./${encodeURIComponent(file)}`;
  return FILES.map(
    ([ending, kind]) =>
      `<a href="${html(`${base}${ending}`)}" aria-label="${html(`${kind} of ${about}`)}">${html(kind)}</a>`,
  ).join(' · ');
}

/** Why charts are missing. */
export function omittedNotes(charts: readonly ReportChart[]): Markup[] {
  return omittedLines(charts).map((line) => `<p class="soft">${html(line)}</p>`);
}
