/** On paper everything is shown, and whatever is clicked is gone. */
export const PRINT_STYLE = `
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
