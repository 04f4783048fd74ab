/** What several runs are called when they are shown side by side. */
import { UserError } from '../../errors.ts';

/** A run as it was named on the command line. */
interface NamedRun {
  /** As given with `label=path`; null when there is only a path. */
  readonly label: string | null;
  readonly path: string;
}

/** A label stands in the names of cells, next to that of the model, so it cannot take more characters than this. */
const LONGEST = 20;
const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d-\d\d-\d\d)$/;

/** `before=runs/1` is the run at `runs/1`, called `before`. What exists as it stands (`isPath`) is a path. Throws UserError. */
export function parseRunArgument(argument: string, isPath: boolean): NamedRun {
  const at = argument.indexOf('=');
  // The label comes before any part of a path.
  if (isPath || at < 0 || /[\\/]/.test(argument.slice(0, at))) return { label: null, path: argument };
  const [label, path] = [argument.slice(0, at).trim(), argument.slice(at + 1)];
  if (label === '' || path === '') {
    throw new UserError(
      `${argument}: give a run as label=path, such as before=fourways-runs/monday, or its path alone`,
    );
  }
  if (label.length > LONGEST) {
    throw new UserError(`${argument}: the label has more than ${LONGEST} characters; give a shorter one`);
  }
  return { label, path };
}

/**
 * A distinct label for each run: as given, or the part of its path (`folder`, absolute) that tells it from the others, so
 * that `…/main/run` and `…/branch/run` are `main` and `branch`. Throws UserError.
 */
export function runLabels(runs: readonly { readonly label: string | null; readonly folder: string }[]): string[] {
  const twice = runs.find(({ folder }, i) => runs.findIndex((other) => other.folder === folder) < i);
  if (twice !== undefined) throw new UserError(`${twice.folder} is given twice; give each run once`);
  const derived = shortest(runs.filter(({ label }) => label === null).map(({ folder }) => folder));
  const labels = runs.map(({ label }) => label ?? derived.shift() ?? '');
  for (const [i, label] of labels.entries()) {
    const folder = runs[i]?.folder ?? '';
    if (labels.indexOf(label) < i) {
      throw new UserError(`two runs are called ${label}; give them labels, such as before=${folder}`);
    }
    if (label.length > LONGEST) {
      throw new UserError(`${label} is too long to name a run in a table; give it a label, such as before=${folder}`);
    }
  }
  return labels;
}

/** The last folder in which all paths differ; else as many of the last ones as it takes to tell them apart. */
function shortest(folders: readonly string[]): string[] {
  const paths = folders.map((folder) => folder.split(/[\\/]/).filter((part) => part !== ''));
  const deepest = Math.max(0, ...paths.map(({ length }) => length));
  const names = Array.from({ length: deepest }, (_, up) => paths.map((parts) => parts.at(-1 - up) ?? ''));
  const apart = names.find((name) => isDistinct(name) && !name.includes(''));
  if (apart !== undefined) return withoutSharedDay(apart);
  const tails = Array.from({ length: deepest }, (_, up) => paths.map((parts) => parts.slice(-1 - up).join('/')));
  return tails.find(isDistinct) ?? [...folders];
}

/** Of folders that are named after the time of their run, the day alone or the time of the day where that is enough. */
function withoutSharedDay(names: readonly string[]): string[] {
  const times = names.flatMap((name) => {
    const [, day, time] = TIME.exec(name) ?? [];
    return day === undefined || time === undefined ? [] : [{ day, time }];
  });
  if (names.length < 2 || times.length < names.length) return [...names];
  const days = times.map(({ day }) => day);
  if (isDistinct(days)) return days;
  return new Set(days).size === 1 ? times.map(({ time }) => time) : [...names];
}

function isDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}
