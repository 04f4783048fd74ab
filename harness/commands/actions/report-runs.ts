/** The runs that a report is drawn of. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { parseRunArgument, runLabels } from '../../plan/options/run-labels.ts';
import { readRun } from '../../store/read-run.ts';
import { RUN_FILE, runFilePath } from '../../store/run-file.ts';
import type { Run } from '../../store/schema.ts';

export interface ReadRun {
  readonly label: string;
  /** Of the run file. */
  readonly path: string;
  readonly run: Run;
}

/** Reads the runs that are named, and finds a label for each. Throws UserError, also when there is nothing to draw. */
export function readRuns(args: readonly string[], options: { readonly salvage: boolean }): readonly ReadRun[] {
  const named = args.map((argument) => {
    const { label, path: argumentPath } = parseRunArgument(argument, existsSync(argument));
    const path = runFilePath(argumentPath);
    return { label, path, folder: folderOf(path) };
  });
  // What a single run is called does not show.
  const labels = named.length === 1 ? [''] : runLabels(named);
  const runs = named.map(({ path }, i) => ({ label: labels[i] ?? '', path, run: readRun(path, options) }));
  refuseInvalid(runs);
  return runs;
}

/** What a run is named after: its folder, or a file that has been renamed. */
function folderOf(path: string): string {
  const whole = resolve(path);
  return basename(whole) === RUN_FILE ? dirname(whole) : whole.replace(/\.ndjson$/, '');
}

/** Without a single valid trial there is no figure at all. */
function refuseInvalid(runs: readonly ReadRun[]): void {
  const trials = runs.flatMap(({ run }) => run.trials);
  const failures = trials.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.reason.message] : []));
  if (failures.length < trials.length) return;
  const where = runs.map(({ path }) => path).join(', ');
  const [first] = failures;
  if (first === undefined) {
    throw new UserError(`${where}: there is no trial in it; fourways run --resume measures what is missing`);
  }
  const all =
    trials.length === 1 ? 'its only trial failed' : `none of ${trials.length} trials is valid, the first failed`;
  throw new UserError(`${where}: ${all} (${first}); there is nothing to draw; fix that and run it again`);
}
