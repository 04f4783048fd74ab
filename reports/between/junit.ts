import type { Between } from '../../harness/judge/between-schema.ts';
import { html } from '../escape.ts';
import { type BetweenRow, isOpen, noteLines, rowsOf } from './rows.ts';

/**
 * JUnit XML as CI systems read it: a test case per cell and metric. Worse is a failure; what is left open was skipped, or
 * with `strict` has failed as well. There is no time to tell: it was measured before.
 */
export function junitBetween(between: Between, { strict }: { readonly strict: boolean }): string {
  const rows = rowsOf(between);
  const failed = rows.filter((row) => outcome(row, strict) === 'failure').length;
  const skipped = rows.filter((row) => outcome(row, strict) === 'skipped').length;
  const counts = `tests="${rows.length}" failures="${failed}" errors="0" skipped="${skipped}" time="0"`;
  // The form of xs:dateTime that the schema of JUnit has: without a zone, in UTC.
  const timestamp = between.head.startedAt.slice(0, 19);
  const about = [between.sentence, ...noteLines(between)].map(xml).join('\n');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fourways" ${counts}>`,
    `  <testsuite name="fourways compare" ${counts} timestamp="${xml(timestamp)}" hostname="localhost">`,
    ...rows.map((row) => testCase(row, strict)),
    `    <system-out>${about}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(row: BetweenRow, strict: boolean): string {
  const open = `    <testcase classname="${xml(row.cell)}" name="${xml(row.what)}" time="0">`;
  const message = xml(`${row.verdict}: ${row.told}`);
  switch (outcome(row, strict)) {
    case 'failure':
      return `${open}\n      <failure type="${row.verdict}" message="${message}">${message}</failure>\n    </testcase>`;
    case 'skipped':
      return `${open}\n      <skipped message="${message}"/>\n    </testcase>`;
    case 'passed':
      return `${open}\n      <system-out>${message}</system-out>\n    </testcase>`;
  }
}

function outcome(row: BetweenRow, strict: boolean): 'failure' | 'skipped' | 'passed' {
  if (row.verdict === 'worse' || (strict && isOpen(row))) return 'failure';
  return isOpen(row) ? 'skipped' : 'passed';
}

/** What XML cannot hold at all, also not as an entity: https://www.w3.org/TR/xml/#charsets. */
function xml(text: string): string {
  return html(text).replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
