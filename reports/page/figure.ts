/** Charts as figures: the image in the colours of the page, and the files that hold it. */

import { isolated, labelled, readableWidth, slimmed, themeable, withoutWordless } from '../images/svg.ts';
import { html } from '../words/escape.ts';
import { folded, type Markup, scrolling } from './markup.ts';
import { type ChartApart, chartTitle, type DrawnChart, omittedLines, type PageChart } from './report-chart.ts';

/** What lies beside the page in a folder that is whole, by its ending. */
const FILES = [
  ['.svg', 'SVG'],
  ['.png', 'PNG'],
  ['@2x.png', 'PNG 2×'],
  ['.vl.json', 'Vega-Lite'],
] as const;

/** `of` says of what the chart is, and `id` is of the figure and the first part of all ids within. */
export function chartFigure(chart: DrawnChart | ChartApart, of: string, id: string): Markup {
  const title = chartTitle(chart.name);
  const about = `${title}, ${of}`;
  const content = chart.kind === 'drawn' ? image(chart, about, id) : apart(chart);
  const hint = chart.kind === 'drawn' ? ' <span class="hint" aria-hidden="true">scroll sideways →</span>' : '';
  return [
    `<figure id="${id}" data-chart="${html(chart.name)}" data-title="${html(title)}">`,
    content,
    `<figcaption><span>${html(title)}</span>${hint} <span class="files">${files(chart.file, about)}</span></figcaption>`,
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

/** In place of an image, with its words for everybody. */
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

/** Why charts are missing. */
export function omittedNotes(charts: readonly PageChart[]): Markup[] {
  return omittedLines(charts).map((line) => `<p class="soft">${html(line)}</p>`);
}
