import { EXIT } from '../errors.ts';
import type { Summary } from './schema/summary.ts';
import { commonCells } from './warnings/latency.ts';

/**
 * Whether the requirements hold; then whether the result can be trusted: every cell of capacity, and of a rate that all
 * models were offered, has a result, and every search an outcome. Single points of a sweep or a search may be missing,
 * because what is concluded rests on the others. With `strict`, a requirement that is undecided fails as well.
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
