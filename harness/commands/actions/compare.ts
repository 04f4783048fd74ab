import { type ChangeFormat, renderChange } from '../../../reports/change/index.ts';
import { UserError } from '../../errors.ts';
import { changeExitCode, compareRuns, type HowToCompare } from '../../judge/change/compare.ts';
import { refuseUnlike } from '../../judge/change/differences.ts';
import { DEFAULT_MARGIN, parseMargin } from '../../plan/options/values.ts';
import { readRun } from '../../store/read-run.ts';
import { runFilePath } from '../../store/run-file.ts';
import type { Run } from '../../store/schema.ts';
import type { Io } from '../io.ts';

export interface CompareCommand {
  /** Folder of a run, or its run.ndjson. */
  readonly base: string;
  readonly head: string;
  readonly margin?: string | undefined;
  /** `auto`, `none` or ids of cells. */
  readonly control?: readonly string[] | undefined;
  /** Compare also what was not measured alike. */
  readonly force: boolean;
  /** Nothing may be left open. */
  readonly strict: boolean;
  readonly salvage: boolean;
  readonly format: ChangeFormat;
}

/** `fourways compare`: what changed between two runs, from their run files alone. */
export async function compareCommand(command: CompareCommand, io: Io): Promise<number> {
  const asked = command.margin === undefined ? undefined : parseMargin(command.margin);
  const [base, head] = [command.base, command.head].map((argument) =>
    readRun(runFilePath(argument), { salvage: command.salvage }),
  );
  if (base === undefined || head === undefined) throw new RangeError('two runs are compared');
  const pairing = pairingOf(base, head);
  // Both sides of an `ab` were measured until they were settled for its margin.
  const ofRuns = pairing.pairing === 'apart' ? parseMargin(DEFAULT_MARGIN) : base.manifest.margin;
  const change = compareRuns(base, head, {
    margin: asked ?? ofRuns,
    ...pairing,
    control: controlOf(command.control, pairing.pairing),
    metrics: ['throughput', 'cpu-per-request', 'latency-p50', 'latency-p99'],
    labels: { base: command.base, head: command.head },
  });
  if (!command.force) refuseUnlike(change.differences);
  const colour = io.out.isTTY === true && process.env['NO_COLOR'] === undefined;
  io.out.write(renderChange(change, command.format, { colour, strict: command.strict }));
  return changeExitCode(change, { strict: command.strict });
}

/** Both sides of one `fourways ab` were measured round by round; any other two runs are of two moments, and one look. */
function pairingOf(base: Run, head: Run): Pick<HowToCompare, 'pairing' | 'looks'> {
  const [a, b] = [base.manifest.ab, head.manifest.ab];
  if (a === null || b === null || a.id !== b.id || a.side === b.side) return { pairing: 'apart', looks: 'once' };
  return { pairing: a.duet ? 'duet' : 'rounds', looks: base.manifest.budgetMs === null ? 'once' : 'again' };
}

function controlOf(asked: CompareCommand['control'], pairing: HowToCompare['pairing']): HowToCompare['control'] {
  const [first = 'auto', ...rest] = asked ?? [];
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
