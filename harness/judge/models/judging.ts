/** What the models of a run are judged by. */
import { builtInModel } from '../../../servers/index.ts';
import type { Effort } from '../../../servers/model.ts';
import type { Manifest } from '../../store/schema.ts';
import type { Standard } from './verdict.ts';

/** How often is looked, and what makes no difference. */
export type Judging = Pick<Standard, 'margin' | 'looks'>;

/** `isOver`: nothing more is going to be measured, though what measuring goes on for is not answered. */
export function judgingOf({ margin, budgetMs }: Pick<Manifest, 'margin' | 'budgetMs'>, isOver: boolean): Judging {
  return { margin, looks: budgetMs === null ? 'once' : isOver ? 'last' : 'again' };
}

/** What is recorded of models. */
type Described = Pick<Manifest, 'ownModels' | 'runtimes'>;

/** null for a model that does not say. */
export function effortOf(name: string, { ownModels, runtimes }: Described): Effort | null {
  const model = runtimes.find((one) => one.name === name)?.model ?? name;
  return (ownModels.find((one) => one.name === model) ?? builtInModel(model))?.effort ?? null;
}

/** By how much effort a model takes, the least first; one that does not say comes last. */
export function rankOf(manifest: Described): (model: string) => number {
  return (model) => effortOf(model, manifest)?.rank ?? Number.MAX_VALUE;
}
