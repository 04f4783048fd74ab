import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean 'cluster'?` when a known name is near, or the names there are. Starts with a space. */
export function hint(given: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const nearest = closest(given, [...known]);
  const near = distance(given, nearest) <= Math.max(2, Math.floor(given.length / 3));
  return near ? ` Did you mean '${nearest}'?` : ` There is: ${known.join(', ')}.`;
}
