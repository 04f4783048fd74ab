/** The style of the page, from its colours to how it prints. */

import { config } from '../drawing/theme.ts';
import { PALETTE_CSS } from '../images/themes.ts';

const TEXT_STYLE = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1.0625rem/1.6 Inter, "Helvetica Neue", Arial, system-ui, sans-serif; }
header, main > *, footer { max-width: 72rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); }
header { padding-top: clamp(1.25rem, 2vw, 1.75rem); }
header .soft { max-width: none; font-size: .9375rem; margin: .125rem 0; }
.of { font-size: 1.1875rem; margin: 0 0 .375rem; max-width: none; }
h1 { font-size: clamp(1.625rem, 3.6vw, 2.25rem); line-height: 1.15; letter-spacing: -.025em; margin: 0 0 .25rem; text-wrap: balance; }
h2 { font-size: 1.625rem; line-height: 1.25; letter-spacing: -.02em; margin: 4.5rem 0 1rem; padding-top: 1.75rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.25rem; line-height: 1.3; letter-spacing: -.01em; margin: 3rem 0 .5rem; }
h4 { font-size: 1.0625rem; margin: 2.25rem 0 .5rem; }
h2 + .scenario h3, h2 + h3, .choice + .scenario h3 { margin-top: 0; }
p, ul { max-width: 46rem; margin: .5rem 0; }
a { color: var(--link); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible, .scroll:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
.soft { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--paper); z-index: 3; }
.skip:focus { top: 1rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; max-width: none; margin: .625rem 0 0;
  padding: 0; font-size: .9375rem; }
nav a { display: block; padding: .25rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
.count { display: inline-block; min-width: 1.4em; padding: 0 .4em; border-radius: .7em; background: var(--wash); color: var(--mark);
  font-size: .8125rem; line-height: 1.4; text-align: center; }
#answer { margin: .75rem 0 .5rem; padding-top: 1rem; }
#answer ~ .notice { margin: .5rem 0 .75rem; }
.answers { list-style: none; padding: 0; margin: 0; max-width: none; display: grid; gap: 2rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
.answers li { margin: 0; min-width: 0; }
.answers h3 { margin: 0; }
.answers h4 { margin: 1.25rem 0 0; font-size: 1.0625rem; }
.answers h3 + h4 { margin-top: .25rem; }
.answers h4 + .sentence { margin-top: 0; }
.answers p { font-size: 1rem; line-height: 1.5; }
.answers .sentence { margin: .25rem 0 .5rem; color: var(--soft); text-wrap: pretty; }
.answers .sentence strong { color: var(--ink); }
.answers .also { color: var(--soft); }
.ways { display: flex; gap: 1.25rem; font-size: .9375rem; }
.notice { border-left: 3px solid var(--mark); padding: .125rem 0 .125rem 1rem; margin: 1rem 0; }
details { margin: .25rem 0; }
summary { color: var(--link); cursor: pointer; width: fit-content; }
dl { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: .5rem 1.5rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; max-width: 46rem; }
li { margin: .25rem 0; }
footer { padding-top: 4rem; padding-bottom: 4rem; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .75rem; } }
`;

/** Charts, and what the script of the page adds to them. */
const FIGURE_STYLE = `
.first { display: flex; flex-direction: column; gap: 1.25rem; }
.overview { margin-top: 2rem; }
.hint { display: none; }
.apart { padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .625rem; max-width: none; }
.question { font-size: 1.125rem; margin: .25rem 0; }
.facts { font-size: .9375rem; max-width: none; text-wrap: pretty; }
.figures { display: grid; gap: 2rem; margin: 1.5rem 0; }
figure { margin: 0; min-width: 0; }
.omitted, .overview p { font-size: .9375rem; }
figure .scroll { background-color: var(--paper); border: 1px solid var(--line); border-radius: .625rem; }
figure svg { font-family: ${config.font}; display: block; width: 100%; height: auto; }
figure svg > rect:first-child { fill: none; }
@media screen and (max-width: 40rem) { .hint { display: inline; } }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; padding: .375rem .25rem 0;
  font-size: .8125rem; color: var(--soft); }
figcaption a { color: inherit; }
figcaption a:hover { color: var(--link); }
@media screen { figure[hidden] { display: none; } }
.live figure svg * { pointer-events: none; }
.live figure svg [role="graphics-symbol"][aria-label] { pointer-events: auto; }
.live figure svg [tabindex]:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
@media screen { .dimmed [role="graphics-symbol"][aria-label]:not(.same) { opacity: .2; } }
@media (prefers-reduced-motion: no-preference) {
  .live figure svg [role="graphics-symbol"] { transition: opacity .12s; } }
.tip { position: fixed; z-index: 2; max-width: min(24rem, calc(100vw - 1rem)); padding: .5rem .75rem; border-radius: .375rem;
  background: var(--ink); color: var(--paper); font-size: .875rem; line-height: 1.45; pointer-events: none;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; text-wrap: balance; }
.tip[hidden] { display: none; }
.tip strong:not(:empty) { display: block; }
.choice { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: .375rem;
  margin: 0 0 2.5rem; padding: .75rem 0; border: 0; background: var(--paper); font-size: .875rem; line-height: 1.4; }
.choice legend { float: left; padding: 0; margin-right: .5rem; color: var(--soft); }
.choice label { position: relative; padding: .3125rem .75rem; border: 1px solid var(--line); border-radius: 1rem; cursor: pointer; }
.choice label:hover { background: var(--wash); }
.choice label:has(:checked) { background: var(--ink); border-color: var(--ink); color: var(--paper); }
.choice label:has(:focus-visible) { outline: 2px solid var(--link); outline-offset: 2px; }
.choice input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
@media screen and (min-width: 48rem) { html.live { scroll-padding-top: 6.5rem; } }
@media screen and (max-width: 48rem) { .choice { position: static; } }
`;

/** Tables scroll sideways within their own boxes where there is no room. */
const TABLE_STYLE = `
.scroll { overflow-x: auto; background: linear-gradient(to right, var(--paper) 40%, transparent) left / 2.5rem 100% no-repeat local,
  linear-gradient(to left, var(--paper) 40%, transparent) right / 2.5rem 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / 1rem 100% no-repeat scroll,
  linear-gradient(to left, var(--shade), transparent) right / 1rem 100% no-repeat scroll var(--paper); }
.scroll + .scroll { margin-top: 1.5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
caption span { position: sticky; left: 0; display: inline-block; max-width: min(46rem, 100vw - 2.5rem); text-wrap: pretty; }
th, td { padding: .5rem .6rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line);
  overflow-wrap: normal; }
th:first-child { padding-left: 0; }
thead th { color: var(--soft); font-weight: 400; font-size: .8125rem; vertical-align: bottom; }
thead button { all: unset; cursor: pointer; text-align: inherit; }
thead button:hover { color: var(--ink); }
thead button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media screen { [aria-sort] button { color: var(--ink); box-shadow: inset 0 -2px var(--link); }
  [aria-sort="ascending"] button { box-shadow: inset 0 2px var(--link); } }
tbody th { font-weight: 700; }
thead th:last-child { white-space: nowrap; }
.tight { font-size: .8125rem; }
.tight thead th { font-size: .75rem; }
.tight th + th, .tight td { padding-left: .3rem; padding-right: .3rem; }
.tight .name { min-width: 6.5rem; }
.tight td:last-child:not(.prose) { white-space: nowrap; }
tbody .part { font-weight: 400; color: var(--soft); padding-left: .8rem; }
.name { min-width: 8rem; max-width: 18rem; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
.number.interval { white-space: normal; }
.range { white-space: nowrap; color: var(--soft); }
.prose { min-width: 14rem; overflow-wrap: anywhere; }
@media screen and (max-width: 62rem) { td.prose { min-width: 44rem; } }
.unranked { color: var(--mark); white-space: nowrap; }
.unranked:last-child, .tight .unranked { white-space: normal; min-width: 6rem; }
.flag { white-space: nowrap; }
.failed { color: var(--bad); overflow-wrap: anywhere; }
.derived { color: var(--soft); font-style: italic; }
.decided { font-weight: 700; }
`;

/** On paper everything is shown, and whatever is clicked is gone. */
const PRINT_STYLE = `
@media print {
  @page { margin: 15mm; }
  body { font-size: 10pt; line-height: 1.45; }
  header, main > *, footer { max-width: none; padding: 0; }
  h1 { font-size: 20pt; } h2 { font-size: 15pt; margin: 1.5rem 0 .5rem; padding-top: .75rem; } h3 { font-size: 12pt; margin: 1.25rem 0 .25rem; }
  h4 { font-size: 10pt; margin: 1rem 0 .25rem; }
  h2, h3, h4, caption, .head, .question, .facts { break-after: avoid; }
  h3 + *, h4 + * { break-before: avoid; }
  .head, .head p, figure, tr, li, dt { break-inside: avoid; }
  dt { break-after: avoid; }
  nav, .skip, .choice, .tip, .files, .ways, summary { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  a { color: inherit; text-decoration: none; }
  .answers { display: block; } .answers li + li { margin-top: .75rem; }
  #answer { margin-top: .75rem; }
  .answers .sentence, .answers .also { font-size: 10pt; margin: 0 0 .25rem; max-width: none; }
  .first { display: block; } .overview { margin-top: 1rem; }
  .figures { display: block; margin: .5rem 0; break-before: avoid; }
  figure, figure[hidden] { display: block; margin: 0 0 .75rem; }
  figcaption { padding-top: 0; }
  figure svg { min-width: 0 !important; max-height: 86mm; }
  figure[data-chart="latency-at-rate"] svg { max-height: 170mm; }
  .scroll { overflow: visible; background: none; } .hint { display: none; }
  table { font-size: 7.5pt; } .tight { font-size: 6.5pt; } .tight thead th, thead th { font-size: 6.5pt; }
  th, td { padding: .2rem .3rem; } .tight th + th, .tight td { padding-left: .15rem; padding-right: .15rem; }
  .name, .tight .name { min-width: 4rem; } .prose { min-width: 8rem; }
  footer { padding-top: 1.5rem; }
}
`;

export const STYLE = [PALETTE_CSS, TEXT_STYLE, FIGURE_STYLE, TABLE_STYLE, PRINT_STYLE].join('');
