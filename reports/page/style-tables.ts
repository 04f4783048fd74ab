/** Tables scroll sideways within their own boxes where there is no room. */
export const TABLE_STYLE = `
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
