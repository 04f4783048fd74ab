/** How models are named in sentences about several of them. */
import type { Cell } from '../store/schema.ts';

type Named = Pick<Cell, 'model' | 'connectionMode'>;

/** The model, with its way of using connections where both occur. */
export function namesOf(all: readonly Named[]): (one: Named) => string {
  const isMixed = new Set(all.map(({ connectionMode }) => connectionMode)).size > 1;
  return ({ model, connectionMode }) =>
    isMixed && connectionMode === 'per-request' ? `${model} with a connection per request` : model;
}
