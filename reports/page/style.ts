/** The style of the page. Charts stay on a light card in the dark, because an image cannot follow the reader's theme. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #16202a; --soft: #4a5763; --line: #d9dfe5; --paper: #fbfcfd; --card: #fff;
  --link: #005a9c; --mark: #8a4b00; --bad: #a3231f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #a9b5c0; --line: #34404b; --paper: #12181e;
  --card: #1a222a; --link: #7cc0f5; --mark: #f0b46a; --bad: #ff9d94; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1.0625rem/1.6 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", system-ui, sans-serif; }
main, header, footer { max-width: 66rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); }
header { padding-top: clamp(2rem, 6vw, 4rem); }
h1 { font-size: clamp(1.75rem, 4.5vw, 2.5rem); line-height: 1.15; letter-spacing: -.02em; margin: 0 0 .5rem; }
h2 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; margin: 3.5rem 0 .5rem; padding-top: 1.5rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.0625rem; margin: 2rem 0 .5rem; }
p, ul { max-width: 46rem; margin: .5rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
.soft { color: var(--soft); }
.answers { list-style: none; padding: 0; margin: 1rem 0 0; max-width: 46rem; }
.answers li { padding: .9rem 0; border-top: 1px solid var(--line); }
.answers a { font-weight: 600; }
.answers p { font-size: 1.1875rem; line-height: 1.5; margin: .15rem 0 0; }
.answers .also { font-size: 1.0625rem; color: var(--soft); }
.notice { border-left: 4px solid var(--mark); padding: .25rem 0 .25rem 1rem; }
figure { margin: 1.25rem 0; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
figure .scroll { background: #fff; border: 1px solid var(--line); border-radius: .5rem; }
figure svg { display: block; width: 100%; min-width: 40rem; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { padding: .5rem .65rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line);
  overflow-wrap: normal; }
th:first-child { padding-left: 0; }
thead th { color: var(--soft); font-weight: 500; font-size: .8125rem; vertical-align: bottom; }
tbody th { font-weight: 600; }
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
.unranked { color: var(--mark); white-space: nowrap; }
.flag { white-space: nowrap; }
.failed { color: var(--bad); overflow-wrap: anywhere; }
.derived { color: var(--soft); font-style: italic; }
.decided { font-weight: 600; }
details { margin: .25rem 0; }
summary { color: var(--link); cursor: pointer; width: fit-content; }
summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
dl { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: .4rem 1.5rem; margin: 1rem 0; max-width: 46rem; }
dt { color: var(--soft); }
dd { margin: 0; }
footer { padding-top: 3rem; padding-bottom: 4rem; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --card: #fff;
    --link: #000; --mark: #6b3a00; --bad: #8a1d1a; }
  body { font-size: 10pt; } h2, h3 { break-after: avoid; } figure, tr, li { break-inside: avoid; }
  .scroll { overflow: visible; } figure svg { min-width: 0; } table { font-size: 8pt; } th, td { padding: .3rem .4rem; } }
`;
