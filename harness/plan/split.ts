/** Shares connections out among generators: their sum is exact, and no two differ by more than one. */
export function splitConnections(connections: number, generators: number): readonly number[] {
  const each = Math.floor(connections / generators);
  const left = connections % generators;
  return Array.from({ length: generators }, (_, i) => each + (i < left ? 1 : 0));
}
