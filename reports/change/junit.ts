import type { Change } from '../../harness/judge/schema/change.ts';
import { xml } from '../words/escape.ts';
import { type ChangeRow, described, noteLines, rowsOf, toldOf, wholeRow } from './rows.ts';

/**
 * JUnit XML as CI systems read it: a test case per cell and metric, and one per cell that is broken or failed more often on one
 * side. Worse or broken is a failure; what is not ruled out was skipped, or with `strict` is an error, as of a test that could
 * not tell; what could not be judged was skipped. What is broken as a whole is a test case of its own. There is no time to tell: it was
 * measured before.
 */
export function changeJunit(change: Change, { strict }: { readonly strict: boolean }): string {
  const rows = [...rowsOf(change), ...wholeRow(change)];
  const count = (wanted: Outcome): number => rows.filter((row) => outcome(row, strict) === wanted).length;
  const [failures, errors, skipped] = [count('failure'), count('error'), count('skipped')];
  const counts = `tests="${rows.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="0"`;
  // The form of xs:dateTime that the schema of JUnit has: without a zone, in UTC.
  const timestamp = change.head.startedAt.slice(0, 19);
  const about = [described(change).line, ...noteLines(change)].map(xml).join('\n');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fourways" ${counts}>`,
    `  <testsuite name="fourways" ${counts} timestamp="${xml(timestamp)}" hostname="localhost">`,
    ...rows.map((row) => testCase(row, strict)),
    `    <system-out>${about}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(row: ChangeRow, strict: boolean): string {
  const open = `    <testcase classname="${xml(row.cell)}" name="${xml(row.what)}" time="0">`;
  const message = xml(toldOf(row));
  const ended = outcome(row, strict);
  switch (ended) {
    case 'failure':
    case 'error':
      return `${open}\n      <${ended} type="${row.standing}" message="${message}">${message}</${ended}>\n    </testcase>`;
    case 'skipped':
      return `${open}\n      <skipped message="${message}"/>\n    </testcase>`;
    case 'passed':
      return `${open}\n      <system-out>${message}</system-out>\n    </testcase>`;
    default:
      return ended satisfies never;
  }
}

type Outcome = 'failure' | 'error' | 'skipped' | 'passed';

function outcome({ standing }: ChangeRow, strict: boolean): Outcome {
  switch (standing) {
    case 'broken':
    case 'fail':
      return 'failure';
    case 'untold':
      return strict ? 'error' : 'skipped';
    case 'uneven':
    case 'unjudged':
      return 'skipped';
    case 'pass':
    case 'control':
      return 'passed';
    default:
      return standing satisfies never;
  }
}
