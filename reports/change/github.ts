import type { Change } from '../../harness/judge/schema/change.ts';
import { visible } from '../words/escape.ts';
import { type ChangeRow, failureRows, isOpen, rowsOf } from './rows.ts';

type Level = 'error' | 'warning' | 'notice';

/** GitHub shows so many annotations of each level of one step, and drops the others without a word. */
const MOST_SHOWN = 10;

/** Workflow commands, which GitHub Actions shows as annotations: worse or broken is an error, what is left open a warning. */
export function changeGithub(change: Change, { strict }: { readonly strict: boolean }): string {
  const rows = [...rowsOf(change), ...failureRows(change)];
  const at = (level: Level): readonly string[] =>
    commands(
      level,
      rows.filter((row) => levelOf(row, strict) === level),
    );
  // One notice is that of the sentence.
  return [...at('error'), ...at('warning'), ...at('notice').slice(0, MOST_SHOWN - 1), summary(change)]
    .map((line) => `${line}\n`)
    .join('');
}

/** Null for what needs no annotation. */
function levelOf(row: ChangeRow, strict: boolean): Level | null {
  if (row.verdict === 'worse' || row.isLost) return 'error';
  if (isOpen(row)) return strict ? 'error' : 'warning';
  return row.verdict === 'better' ? 'notice' : null;
}

function commands(level: Level, rows: readonly ChangeRow[]): readonly string[] {
  const shown = rows.length > MOST_SHOWN ? rows.slice(0, MOST_SHOWN - 1) : rows;
  const rest = rows.slice(shown.length);
  const lines = shown.map((row) => {
    return command(level, titleOf(row), row.told);
  });
  const names = rest.map(titleOf);
  return rest.length === 0 ? lines : [...lines, command(level, `${rest.length} more`, names.join('; '))];
}

function titleOf({ cell, what, verdict, isLost }: ChangeRow): string {
  return `${cell}: ${what} ${isLost ? 'lost' : verdict}`;
}

function summary({ sentence }: Change): string {
  return command('notice', 'fourways', sentence);
}

/** Escaped as in https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts. */
function command(level: Level, title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
