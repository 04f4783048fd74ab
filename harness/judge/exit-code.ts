/** What a run comes to, as an exit code, and how strictly it is judged. */
import { EXIT, UserError } from '../errors.ts';
import { isBadSide } from './requirements/judge.ts';
import type { Summary } from './schema/summary.ts';
import { commonCells } from './warnings/latency.ts';

export interface Strictness {
  readonly strict?: boolean | undefined;
  readonly lenient?: boolean | undefined;
}

/** Whether what is undecided fails: as it was asked, and else where nobody looks, because it is a job of CI. Throws UserError. */
export function isStrict(
  { strict, lenient }: Strictness,
  { CI }: Readonly<Record<string, string | undefined>> = {},
): boolean {
  if (strict === true && lenient === true) throw new UserError('--strict and --lenient: leave one of them out');
  if (lenient === true) return false;
  return strict ?? (CI === 'true' || CI === '1');
}

/**
 * Whether the requirements hold; then whether the result can be trusted: every cell of capacity, and of a rate that all
 * models were offered, has a result, and every search an outcome. Single points of a sweep or a search may be missing,
 * because what is concluded rests on the others. A requirement is not kept where its figure is beyond the limit, however uncertain
 * that is; with `strict` neither where its figure is within the limit and its interval is not, nor where there is no figure.
 */
export function exitCodeOf(summary: Summary, { strict }: { readonly strict?: boolean | undefined } = {}): number {
  const required = summary.requirements ?? [];
  if (required.some(({ verdict }) => verdict === 'broken')) return EXIT.broken;
  const untold = required.filter(({ verdict }) => verdict === 'untold');
  if (untold.some((one) => strict === true || isBadSide(one))) return EXIT.untrusted;
  const isTrusted = summary.scenarios.every(({ cells, latency }) => {
    const matrix = latency === null ? cells : [...cells, ...commonCells(latency)];
    const searches = latency?.slo?.models ?? [];
    return matrix.every(({ result }) => result !== null) && searches.every(({ outcome }) => outcome.kind !== 'untold');
  });
  return isTrusted ? EXIT.fine : EXIT.untrusted;
}
