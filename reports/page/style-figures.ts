import { config } from '../charts/theme.ts';

/** Charts, and what the script of the page adds to them. */
export const FIGURE_STYLE = `
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
