import { config } from '../charts/theme.ts';

/** Charts, and what the script of the page adds to them. */
export const FIGURE_STYLE = `
.overview { margin-top: 3.5rem; }
.question { font-size: 1.125rem; margin: .25rem 0; }
.facts { font-size: .9375rem; max-width: none; text-wrap: pretty; }
.figures { display: grid; gap: 2rem; margin: 1.5rem 0; }
figure { margin: 0; min-width: 0; }
.omitted, .overview p { font-size: .9375rem; }
figure .scroll { background: var(--paper); border: 1px solid var(--line); border-radius: .625rem; }
figure svg { font-family: ${config.font}; display: block; width: 100%; min-width: 40rem; height: auto; }
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
@media screen and (min-width: 97rem) {
  header, main, main > *, footer { max-width: 112rem; }
  main { margin: 0 auto; }
  main:has(> .overview) { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  main > * { width: 100%; grid-column: 1 / -1; }
  main:has(> .overview) > section:first-child { grid-column: 1; padding-right: 1rem; }
  main > .overview { grid-column: 2; padding-left: 1rem; margin-top: 2rem; }
  main > section:not(:has(> #charts)) .scroll:not(:has(> .tight)) { max-width: 66rem; }
  .scroll:has(> .tight) { max-width: 84rem; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2.5rem 2rem; align-items: start; }
  .one { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2rem; }
  .one > h2, .one > .choice { grid-column: 1 / -1; }
  .one .scenario { display: grid; grid-row: span 3; grid-template-rows: subgrid; margin-bottom: 2.5rem; }
  .one h3 { margin-top: 0; }
  .one .figures { grid-template-columns: minmax(0, 1fr); }
}
`;
