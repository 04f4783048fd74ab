import { againLine } from '../../command-line/again.ts';
import type { Io } from '../../command-line/command.ts';
import { EXIT, UserError } from '../../errors.ts';
import { compareRuns, type HowToCompare } from '../../judge/change/compare.ts';
import { refuseUnlike } from '../../judge/change/differences.ts';
import { changeExitCode } from '../../judge/change/gate.ts';
import { howMeasured } from '../../judge/change/open.ts';
import { isStrict, type Strictness } from '../../judge/exit-code.ts';
import { DEFAULT_MARGIN, parseFailAbove, parseMargin } from '../../plan/options/values.ts';
import { readRun } from '../../store/read-run.ts';
import { runFilePath } from '../../store/run-file.ts';
import type { Run } from '../../store/schema.ts';
import { changeFormats, print } from '../formats.ts';
import { comparedRuns } from './history/baseline.ts';

export interface CompareArgs extends Strictness {
  /** Folder of a run, or its run.ndjson; with a baseline, the first is the head and the only one. */
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  /** A branch, of whose runs the newest is the base. */
  readonly baseline?: string | undefined;
  /** Where that is kept. */
  readonly history?: string | undefined;
  readonly margin?: string | undefined;
  readonly failAbove?: string | undefined;
  /** `auto`, `none` or ids of cells. */
  readonly control?: readonly string[] | undefined;
  /** Compare even what was measured under different conditions. */
  readonly force: boolean;
  readonly salvage: boolean;
  readonly format: string;
}

/** Prints what changed between two runs, from their run files alone. */
export async function compareTwo(args: CompareArgs, io: Io): Promise<number> {
  const strict = isStrict(args, io.env);
  const given = args.margin === undefined ? undefined : parseMargin(args.margin);
  const compared = comparedRuns(args, io);
  if (compared === null) return EXIT.fine;
  const base = readRun(runFilePath(compared.base), args);
  const head = readRun(runFilePath(compared.head), args);
  const pairing = pairingOf(base, head);
  // Both sides of an `ab` were measured until they were settled for its limits.
  const isApart = pairing.pairing === 'apart';
  const margin = given ?? (isApart ? parseMargin(DEFAULT_MARGIN) : base.manifest.margin);
  const failAbove = parseFailAbove(args.failAbove, margin) ?? (isApart ? null : base.manifest.failAbove);
  const judged = compareRuns(base, head, {
    margin,
    failAbove,
    ...pairing,
    control: controlOf(args.control, pairing.pairing),
    labels: compared.labels,
  });
  const change = { ...judged, again: againLine(io.words ?? []) };
  if (!args.force) refuseUnlike(change.differences, compared.wayOut);
  await print(change, changeFormats, { ...args, strict }, io);
  return changeExitCode(change, { strict });
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
