import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../../../reports/words/escape.ts';
import type { Io } from '../../command-line/command.ts';
import { EXIT } from '../../errors.ts';
import { changeExitCode } from '../../judge/change/gate.ts';
import { compareSides, isComparable } from '../../judge/change/open.ts';
import { isStrict, type Strictness } from '../../judge/exit-code.ts';
import { summarise } from '../../judge/summary.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { type PreparedAb, prepareAb } from '../../measure/pairs/prepare.ts';
import { AbRecord, measureAb } from '../../measure/pairs/run.ts';
import { withContents } from '../../measure/user-file.ts';
import { type BySide, nodeOf, openSides, type SidesRequest } from '../../measure/pairs/sides.ts';
import { type AbFlags, resolveAbOptions } from '../../plan/options/ab.ts';
import { SIDES } from '../../plan/schedule/pairs.ts';
import type { ServerNodeRequest } from '../../plan/options/server-node.ts';
import { createOutFolder, defaultFolder } from '../../store/out-folder.ts';
import { RunFile } from '../../store/run-file.ts';
import type { Failure, Run } from '../../store/schema.ts';
import { packageVersion } from '../../version.ts';
import { changeFormats, print } from '../formats.ts';
import { type Progress, startProgress } from './progress.ts';
import { recordEnd, writeResults } from './recording.ts';
import { BEFORE_FIRST_TRIAL, choicesHere, serversAsked, startMeasuring, withSession } from './session.ts';

export interface AbArgs extends AbFlags, SidesRequest, ServerNodeRequest, Strictness {
  readonly duet?: boolean | undefined;
  readonly out?: string | undefined;
  /** Nothing on stderr but errors and warnings. */
  readonly quiet?: boolean | undefined;
  readonly format: string;
}

/** Measures two sides together, writes a run file for each, and prints whether head is worse. */
export async function measureSides(args: AbArgs, io: Io): Promise<number> {
  const begun = performance.now();
  const startedAt = io.now();
  const strict = isStrict(args, io.env);
  const sides = openSides(withContents(args));
  const options = resolveAbOptions(args, args.duet, choicesHere(startedAt));
  const folder = args.out ?? `${defaultFolder(startedAt)}-ab`;
  const folders = { base: join(folder, 'base'), head: join(folder, 'head') };
  const binaries = SIDES.flatMap((side) => nodeOf(sides[side]) ?? []);
  const servers = serversAsked(args, binaries);
  createOutFolder(folder);
  for (const side of SIDES) mkdirSync(folders[side]);
  const measuring = await startMeasuring(io, servers);
  const progress = startProgress(io.err, () => performance.now(), args.quiet);
  return withSession({
    processes: measuring,
    progress,
    folders: [folders.base, folders.head, folder],
    ifInterrupted: BEFORE_FIRST_TRIAL,
    measure: async (signal) => {
      const about = { version: packageVersion(), startedAt };
      const prepared = await prepareAb(measuring, options, sides, about, progress, signal);
      for (const note of prepared.notes) io.err.write(`${visible(note)}\n`);
      return recordSides(measuring, prepared, folders, performance.now() - begun, progress, io, signal);
    },
    conclude: (runs) =>
      conclude(runs, { base: sides.base.label, head: sides.head.label }, folders, { ...args, strict }, io),
  });
}

/** Measures into the files of both sides, and closes them. A signal ends it early, and keeps what was finished by then. */
async function recordSides(
  measuring: Measuring,
  prepared: PreparedAb,
  folders: BySide<string>,
  spentMs: number,
  progress: Progress,
  io: Io,
  signal: AbortSignal,
): Promise<BySide<Run>> {
  const files = {
    base: RunFile.create(folders.base, prepared.base.manifest),
    head: RunFile.create(folders.head, prepared.head.manifest),
  };
  const record = new AbRecord(prepared, (side, line) => files[side].append(line));
  const measure = (): Promise<void> => measureAb(measuring, prepared, record, spentMs, progress, signal);
  const end = await recordEnd([files.base, files.head], measure, io, signal);
  const { base, head } = record.runs;
  return { base: { ...base, end }, head: { ...head, end } };
}

async function conclude(
  runs: BySide<Run>,
  labels: BySide<string>,
  { base, head }: BySide<string>,
  args: AbArgs & { readonly strict: boolean },
  io: Io,
): Promise<number> {
  await writeResults(base, summarise(runs.base), 'fourways compare reads them');
  await writeResults(head, summarise(runs.head), 'fourways compare reads them');
  if (runs.base.end?.reason === 'interrupted') {
    const valid = ({ trials }: Run): number => trials.filter(({ outcome }) => outcome.status === 'ok').length;
    const kept = `${valid(runs.base)} trials of base and ${valid(runs.head)} of head were kept`;
    io.err.write(`Interrupted: ${kept}. 'fourways compare ${base} ${head}' shows them.\n`);
    return EXIT.interrupted;
  }
  if (!isComparable(runs)) {
    io.err.write(`Nothing can be compared: ${visible(failureText(runs))}. 'fourways report ${head}' shows more.\n`);
    return EXIT.untrusted;
  }
  const change = compareSides(runs, labels);
  await print(change, changeFormats, args, io);
  if (args.quiet !== true) io.err.write(`Runs: ${base} and ${head}; fourways compare and fourways report read them.\n`);
  return changeExitCode(change, args);
}

/** The last failure, on the side that caused it. */
function failureText(runs: BySide<Run>): string {
  const failures = SIDES.flatMap((side) =>
    runs[side].trials.flatMap(({ cell, outcome }) =>
      outcome.status === 'ok' ? [] : [{ side, cell, reason: outcome.reason }],
    ),
  );
  const isOwn = ({ reason }: { readonly reason: Failure }): boolean => reason.kind !== 'other-side';
  const found = failures.filter(isOwn).at(-1) ?? failures.at(-1);
  return found === undefined ? 'no trial has ended' : `${found.side} failed in ${found.cell}: ${found.reason.message}`;
}
