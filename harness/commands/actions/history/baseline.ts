/** Which two runs `fourways compare` is about: both as they were named, or one and the newest of a branch. */
import { visible } from '../../../../reports/words/escape.ts';
import type { Io } from '../../../command-line/command.ts';
import { UserError } from '../../../errors.ts';
import { baselinePath, DEFAULT_HISTORY, hasBaseline, keepBaseline } from '../../../store/history-file.ts';
import { readRun } from '../../../store/read-run.ts';
import { runFilePath } from '../../../store/run-file.ts';
import { branchHere } from './branch.ts';

interface ComparedArgs {
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  /** Name of a branch. */
  readonly baseline?: string | undefined;
  readonly history?: string | undefined;
  readonly salvage: boolean;
  readonly format: string;
}

interface Compared {
  readonly base: string;
  readonly head: string;
  readonly labels: { readonly base: string; readonly head: string };
  /** What to do where both were measured differently; null for what is always said. */
  readonly wayOut: string | null;
}

/** Null when there is no baseline yet: then a run of that branch has become it, and what was done was said. Throws UserError. */
export function comparedRuns(args: ComparedArgs, io: Io): Compared | null {
  const { base, head, baseline, history = DEFAULT_HISTORY } = args;
  if (baseline === undefined) {
    if (args.history !== undefined) {
      throw new UserError(
        `--history ${args.history} is where --baseline looks; give --baseline as well, or leave it out`,
      );
    }
    const missing = [...(base === undefined ? ['<base>'] : []), ...(head === undefined ? ['<head>'] : [])];
    if (base === undefined || head === undefined) {
      throw new UserError(
        `fourways compare needs ${missing.join(' and ')}; see fourways compare --help, or name one run with --baseline main`,
      );
    }
    return { base, head, labels: { base, head }, wayOut: null };
  }
  if (base === undefined || head !== undefined) {
    throw new UserError(`--baseline ${baseline} is the base: name one run, the head`);
  }
  if (hasBaseline(history, baseline)) {
    const labels = { base: `baseline ${baseline}`, head: base };
    const wayOut = `add a run of ${baseline} from here with fourways history add --branch ${baseline}, or compare them anyway with --force`;
    return { base: baselinePath(history, baseline), head: base, labels, wayOut };
  }
  const path = runFilePath(base);
  if (!readRun(path, args).trials.some(({ outcome }) => outcome.status === 'ok')) {
    throw new UserError(
      `${path} has no valid trial, so it is no baseline of ${baseline}; fourways report ${base} shows why`,
    );
  }
  const here = branchHere(process.env);
  const isOwn = here === null || here === baseline;
  if (isOwn) keepBaseline(history, baseline, path);
  const what = isOwn ? `${base} is kept as the first one` : `${base} is a run of ${here} and not kept as one`;
  const said = `There was no baseline of ${baseline} in ${history}: ${what}, and nothing was compared.`;
  // Where people read stdout it is the result; what programs read stays empty.
  const stream = ['text', 'markdown'].includes(args.format) ? io.out : io.err;
  stream.write(`${visible(said)}\n`);
  return null;
}
