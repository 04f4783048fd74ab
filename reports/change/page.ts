/** The page of an `ab`: the comment, its chart, and every figure of both sides. */
import type { Change } from '../../harness/judge/schema/change.ts';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import type { PageAssets } from '../page/assets.ts';
import { environmentSection } from '../page/environment.ts';
import { chartFigure, omittedLines, type ReportChart } from '../page/figure.ts';
import { bullets, folded, type Markup, scrolling, section, softLine } from '../page/markup.ts';
import { failuresSection, methodSection, warningsSection } from '../page/method.ts';
import { tableMarkup } from '../page/table.ts';
import { tablesSection } from '../page/tables.ts';
import { html } from '../words/escape.ts';
import type { Several } from '../words/runs.ts';
import { conditionLines, described, noteLines, openText, slowerRows } from './rows.ts';
import { changeTable, slowerTable } from './table.ts';

export interface ChangeReport {
  readonly change: Change;
  /** Base and head side by side. */
  readonly sides: Several<Summary>;
  readonly chart: ReportChart;
  /** The flame graph of what got slower, as markup that is already safe; null without one. */
  readonly flameGraph: Markup | null;
}

/** One page that opens from disk and fetches nothing. */
export function changePage({ change, sides, chart, flameGraph }: ChangeReport, assets: PageAssets): string {
  const { style, script, policy } = assets;
  const about = described(change);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(about.line)} – fourways</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>${html(`${change.head.label} against ${change.base.label}`)}</h1>
<p class="result">${html(about.line)}</p>
</header>
<main id="report" tabindex="-1">
<section aria-label="What changed">
${comparedMarkup(change)}
${chart.kind === 'drawn' ? chartFigure(chart, 'the change', 'change-1') : omittedLines([chart]).map(softLine).join('\n')}
</section>
${slowerSection(change, flameGraph)}
${section('compared', 'How it was compared', bullets([...noteLines(change), ...conditionLines(change)]))}
${tablesSection({ summary: sides })}
${warningsSection(sides)}
${failuresSection(sides)}
${methodSection({ summary: sides })}
${environmentSection(sides)}
</main>
<footer class="soft">Written by fourways ${html(change.version)}.</footer>
<script>${script}</script>
</body>
</html>
`;
}

function comparedMarkup(change: Change): Markup {
  const about = described(change);
  const { shown, rest, open, unjudged } = about;
  const table = (label: string, rows: typeof shown): Markup[] =>
    rows.length === 0 ? [] : [scrolling(label, tableMarkup(null, changeTable(rows, about, false)))];
  const lines = [...open, ...unjudged].map((row) => openText(row, about));
  return [
    ...table('What changed', shown),
    ...(rest.length === 0 ? [] : [folded(`${rest.length} more`, table('More comparisons', rest).join(''))]),
    ...(lines.length === 0 ? [] : [folded('What is not decided, and why', bullets(lines))]),
    ...(change.again === null ? [] : [softLine(`Again: ${change.again}`)]),
  ].join('\n');
}

function slowerSection(change: Change, flameGraph: Markup | null): Markup {
  const table = slowerTable(slowerRows(change), described(change));
  if (table === null && flameGraph === null) return '';
  const parts = [
    ...(table === null ? [] : [scrolling('Functions that got slower', tableMarkup(null, table))]),
    ...(flameGraph === null ? [] : [flameGraph]),
  ];
  return section('slower', 'What got slower', parts.join('\n'));
}
