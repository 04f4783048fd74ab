/** Models under several Node.js binaries: each model with each of them is a row of its own, with a name of its own. */
import { UserError } from '../../errors.ts';
import type { Manifest } from '../../store/schema.ts';

/** A model with the Node.js that its servers run on. */
export type OnRuntime = Manifest['runtimes'][number];
/** A Node.js of `--runtime`. */
export type Runtime = OnRuntime['runtime'];

const NAME = /^(?<model>.+)@(?<version>\d+\.\d+\.\d+\S*)$/su;

/**
 * Every model with every Node.js, those of one model beside each other. With a single Node.js models keep their names: the conditions of
 * the run say which it is.
 */
export function onEach(models: readonly string[], runtimes: readonly Runtime[]): readonly OnRuntime[] {
  return models.flatMap((model) =>
    runtimes.map((runtime) => ({
      name: runtimes.length === 1 ? model : `${model}@${runtime.version}`,
      model,
      runtime,
    })),
  );
}

/** The two parts of such a name; without a version where it is the name of a model alone. */
export function partsOf(name: string): { readonly model: string; readonly version: string | null } {
  const { model, version } = NAME.exec(name)?.groups ?? {};
  return model === undefined || version === undefined ? { model: name, version: null } : { model, version };
}

/** In a sentence: `cluster on Node 24.21.0`. */
export function modelLabel(name: string): string {
  const { model, version } = partsOf(name);
  return version === null ? model : `${model} on Node ${version}`;
}

/** Throws a UserError for binaries that rows could not be told apart by, or that nothing would run on. */
export function checkRuntimes(runtimes: readonly Runtime[], isHosted: boolean): void {
  const [first] = runtimes;
  if (first !== undefined && !isHosted) {
    throw new UserError(
      `--runtime ${first.path} is for models, and a command says itself what it runs on; give the file of your service with --app, or leave --runtime out`,
    );
  }
  for (const [i, { path, version }] of runtimes.entries()) {
    const same = runtimes.slice(0, i).find((one) => one.version === version);
    if (same === undefined) continue;
    throw new UserError(
      `--runtime ${path}: this is Node ${version}, as ${same.path} is; give each version once, or compare two builds of it with fourways ab`,
    );
  }
}
