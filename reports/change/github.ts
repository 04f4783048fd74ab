import type { Change } from '../../harness/judge/schema/change.ts';
import { visible } from '../words/escape.ts';
import { type ChangeRow, described, rowsOf, toldOf, wholeRow } from './rows.ts';

export type Level = 'error' | 'warning' | 'notice';

/** GitHub shows so many annotations of each level of one step, and drops the others without a word. */
const MOST_SHOWN = 10;

/** Workflow commands, which GitHub Actions shows as annotations: worse or broken is an error, what is not ruled out a warning. */
export function changeGithub(change: Change, { strict }: { readonly strict: boolean }): string {
  const rows = [...wholeRow(change), ...rowsOf(change)];
  const at = (level: Level): readonly string[] =>
    commands(
      level,
      rows.filter((row) => levelOf(row, strict) === level),
    );
  // One notice is that of the line.
  const last = workflowCommand('notice', 'fourways', described(change).line);
  return [...at('error'), ...at('warning'), ...at('notice').slice(0, MOST_SHOWN - 1), last]
    .map((line) => `${line}\n`)
    .join('');
}

/** Null for what needs no annotation. */
function levelOf({ standing, isBetter }: ChangeRow, strict: boolean): Level | null {
  switch (standing) {
    case 'broken':
    case 'fail':
      return 'error';
    case 'untold':
      return strict ? 'error' : 'warning';
    case 'uneven':
      return 'warning';
    case 'pass':
      return isBetter ? 'notice' : null;
    // That throughput cannot be judged is common, and nothing to act upon.
    case 'unjudged':
    case 'control':
      return null;
    default:
      return standing satisfies never;
  }
}

function commands(level: Level, rows: readonly ChangeRow[]): readonly string[] {
  const shown = rows.length > MOST_SHOWN ? rows.slice(0, MOST_SHOWN - 1) : rows;
  const rest = rows.slice(shown.length);
  const lines = shown.map((row) => workflowCommand(level, titleOf(row), toldOf(row)));
  const names = rest.map(titleOf);
  return rest.length === 0 ? lines : [...lines, workflowCommand(level, `${rest.length} more`, names.join('; '))];
}

function titleOf({ name, what }: ChangeRow): string {
  return `${name}: ${what}`;
}

/** Escaped as in https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts. */
export function workflowCommand(level: Level, title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
