import type { Io } from '../../command-line/command.ts';
import { UserError } from '../../errors.ts';
import { compareRuns, type HowToCompare } from '../../judge/change/compare.ts';
import { refuseUnlike } from '../../judge/change/differences.ts';
import { changeExitCode } from '../../judge/change/gate.ts';
import { howMeasured } from '../../judge/change/open.ts';
import { DEFAULT_MARGIN, parseMargin } from '../../plan/options/values.ts';
import { readRun } from '../../store/read-run.ts';
import { runFilePath } from '../../store/run-file.ts';
import type { Run } from '../../store/schema.ts';
import { changeFormats, print } from '../formats.ts';

export interface CompareArgs {
  /** Folder of a run, or its run.ndjson. */
  readonly base: string;
  readonly head: string;
  readonly margin?: string | undefined;
  /** `auto`, `none` or ids of cells. */
  readonly control?: readonly string[] | undefined;
  /** Compare even what was measured under different conditions. */
  readonly force: boolean;
  /** Every verdict must be decided. */
  readonly strict: boolean;
  readonly salvage: boolean;
  readonly format: string;
}

/** Prints what changed between two runs, from their run files alone. */
export async function compareTwo(args: CompareArgs, io: Io): Promise<number> {
  const margin = args.margin === undefined ? undefined : parseMargin(args.margin);
  const base = readRun(runFilePath(args.base), args);
  const head = readRun(runFilePath(args.head), args);
  const pairing = pairingOf(base, head);
  // Both sides of an `ab` were measured until they were settled for its margin.
  const ofRuns = pairing.pairing === 'apart' ? parseMargin(DEFAULT_MARGIN) : base.manifest.margin;
  const change = compareRuns(base, head, {
    margin: margin ?? ofRuns,
    failAbove: null,
    ...pairing,
    control: controlOf(args.control, pairing.pairing),
    labels: { base: args.base, head: args.head },
  });
  if (!args.force) refuseUnlike(change.differences);
  await print(change, changeFormats, args, io);
  return changeExitCode(change, args);
}

/** Both sides of one `fourways ab` were measured round by round; any other two runs are of two moments, and one look. */
function pairingOf(base: Run, head: Run): Pick<HowToCompare, 'pairing' | 'looks'> {
  const [a, b] = [base.manifest.ab, head.manifest.ab];
  if (a === null || b === null || a.id !== b.id || a.side === b.side) return { pairing: 'apart', looks: 'once' };
  return howMeasured({ base, head });
}

function controlOf(control: CompareArgs['control'], pairing: HowToCompare['pairing']): HowToCompare['control'] {
  const [first = 'auto', ...rest] = control ?? [];
  const isWord = first === 'auto' || first === 'none';
  if (isWord && rest.length > 0) {
    throw new UserError(`--control ${[first, ...rest].join(',')}: give ${first} alone, or ids of cells`);
  }
  if (!isWord && pairing !== 'apart') {
    throw new UserError(
      '--control: both sides were measured together, round by round, which needs no control; leave --control out',
    );
  }
  return isWord ? first : [first, ...rest];
}
