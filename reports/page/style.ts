/** The style of the page, from its colours to how it prints. */
import { PALETTE_CSS } from './palette.ts';
import { FIGURE_STYLE } from './style-figures.ts';
import { PRINT_STYLE } from './style-print.ts';
import { TABLE_STYLE } from './style-tables.ts';

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

export const STYLE = [PALETTE_CSS, TEXT_STYLE, FIGURE_STYLE, TABLE_STYLE, PRINT_STYLE].join('');
