/** Tables can be sorted. */

/** Of a cell, without what says that a figure is derived or a bound; NaN where there is none. */
function figureOf(text: string): number {
  return Number.parseFloat(text.replace(/[≈≥≤<>,\s]/gu, ''));
}

/** Figures by size, words by alphabet; what has no figure, or was not measured at all, stays last. */
function compareCells(one: string, other: string, sign: number): number {
  const [a, b] = [figureOf(one), figureOf(other)];
  if (Number.isNaN(a) && Number.isNaN(b)) return sign * one.localeCompare(other);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  return sign * (a - b);
}

function sortBy(head: HTMLTableCellElement, body: HTMLTableSectionElement): void {
  const at = head.cellIndex;
  const textOf = (row: HTMLTableRowElement) => row.cells[at]?.textContent ?? '';
  const isUp = head.ariaSort === 'descending' || (head.ariaSort === null && !head.classList.contains('number'));
  for (const other of head.parentElement?.children ?? []) other.ariaSort = null;
  head.ariaSort = isUp ? 'ascending' : 'descending';
  const rows = [...body.rows];
  const whole = rows.filter((row) => row.cells.length > at);
  const sorted = whole.sort((a, b) => compareCells(textOf(a), textOf(b), isUp ? 1 : -1));
  body.append(...sorted, ...rows.filter((row) => row.cells.length <= at));
}

/** A table whose rows belong to those above them keeps its order. */
function offerSorting(table: HTMLTableElement): void {
  const [body] = table.tBodies;
  const heads = table.tHead?.rows[0]?.cells;
  if (body === undefined || heads === undefined || body.rows.length < 2 || body.querySelector('.part') !== null) return;
  for (const head of heads) {
    const button = document.createElement('button');
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => sortBy(head, body));
  }
}

for (const table of document.querySelectorAll('table')) offerSorting(table);
