/** The result of a run in the format that was asked for. */
import { markdownReport } from '../../reports/markdown.ts';
import { textReport } from '../../reports/terminal/report.ts';
import { requirementsMarkdown, requirementsText } from '../../reports/words/requirements.ts';
import { EXIT } from '../errors.ts';
import type { Summary } from '../judge/schema/summary.ts';
import { commonCells } from '../judge/warnings/latency.ts';
import type { Stream } from './io.ts';

export const FORMATS = ['text', 'json', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

export function printSummary(summary: Summary, format: Format, out: Stream): void {
  switch (format) {
    case 'text': {
      const colour = { colour: out.isTTY === true && process.env['NO_COLOR'] === undefined };
      out.write(textReport(summary, colour) + requirementsText(summary.requirements, colour));
      return;
    }
    case 'json':
      out.write(`${JSON.stringify(summary, null, 2)}\n`);
      return;
    case 'markdown':
      out.write(markdownReport(summary) + requirementsMarkdown(summary.requirements));
      return;
    default:
      format satisfies never;
  }
}

/**
 * Whether what was required holds; then whether the result may be trusted: every cell of capacity and of a rate that all
 * were offered has one, and every search its outcome. Single points of a sweep or a search may be lost: what is told rests
 * on the others. `strict` asks that every requirement is told.
 */
export function exitCodeOf(summary: Summary, { strict }: { readonly strict?: boolean | undefined } = {}): number {
  const required = (summary.requirements ?? []).map(({ verdict }) => verdict);
  if (required.includes('broken')) return EXIT.broken;
  if (strict === true && required.includes('untold')) return EXIT.untrusted;
  const isTrusted = summary.scenarios.every(({ cells, latency }) => {
    const matrix = latency === null ? cells : [...cells, ...commonCells(latency)];
    const searches = latency?.slo?.models ?? [];
    return matrix.every(({ result }) => result !== null) && searches.every(({ outcome }) => outcome.kind !== 'untold');
  });
  return isTrusted ? EXIT.fine : EXIT.untrusted;
}
