import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../../../reports/words/escape.ts';
import { againLine } from '../../command-line/again.ts';
import type { Io } from '../../command-line/command.ts';
import { EXIT, UserError } from '../../errors.ts';
import { changeExitCode } from '../../judge/change/gate.ts';
import { compareSides, isComparable } from '../../judge/change/open.ts';
import { isStrict, type Strictness } from '../../judge/exit-code.ts';
import type { Change } from '../../judge/schema/change.ts';
import { summarise } from '../../judge/summary.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { type PreparedAb, prepareAb } from '../../measure/pairs/prepare.ts';
import { AbRecord, measureAb } from '../../measure/pairs/run.ts';
import { profileSlower, type Slower } from '../../measure/profiles/sides.ts';
import { withContents } from '../../measure/user-file.ts';
import { type BySide, nodeOf, openSides, type SidesRequest } from '../../measure/pairs/sides.ts';
import { type AbFlags, resolveAbOptions } from '../../plan/options/ab.ts';
import { SIDES } from '../../plan/schedule/pairs.ts';
import type { ServerNodeRequest } from '../../plan/options/server-node.ts';
import { createOutFolder, defaultFolder } from '../../store/out-folder.ts';
import { ProfilesFolder } from '../../store/profiles-folder.ts';
import { RunFile } from '../../store/run-file.ts';
import type { Failure, Run } from '../../store/schema.ts';
import { packageVersion } from '../../version.ts';
import { changeFormats, print } from '../formats.ts';
import { type Progress, startProgress } from './progress.ts';
import { recordEnd, writeResults } from './recording.ts';
import {
  BEFORE_FIRST_TRIAL,
  choicesHere,
  serversAsked,
  startMeasuring,
  unlessSkipped,
  withSession,
} from './session.ts';

export interface AbArgs extends AbFlags, SidesRequest, ServerNodeRequest, Strictness {
  readonly duet?: boolean | undefined;
  /** Whether to find out what got slower. */
  readonly profile?: boolean | undefined;
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
      const runs = await recordSides(measuring, prepared, folders, performance.now() - begun, progress, io, signal);
      const profile = () =>
        profileSlower(measuring, { prepared, runs, sides }, new ProfilesFolder(folder), progress, signal).catch(
          (error: unknown) => {
            // What was judged stands without it.
            if (!(error instanceof UserError)) throw error;
            io.err.write(`What got slower is not known: ${visible(error.message)}\n`);
            return null;
          },
        );
      return { runs, slower: args.profile === false ? null : await unlessSkipped(signal, profile) };
    },
    conclude: (measured) => {
      const labels = { base: sides.base.label, head: sides.head.label };
      // Where a checkout lies is of this machine: elsewhere it is most likely the folder that one works in.
      const places = sides.base.subject.kind === 'folder' ? ['../base', '.'] : undefined;
      return conclude(
        measured,
        labels,
        { ...folders, whole: folder },
        againLine(io.words ?? [], places),
        { ...args, strict },
        io,
      );
    },
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
  { runs, slower }: { readonly runs: BySide<Run>; readonly slower: Slower | null },
  labels: BySide<string>,
  { base, head, whole }: BySide<string> & { readonly whole: string },
  again: string,
  args: AbArgs & { readonly strict: boolean },
  io: Io,
): Promise<number> {
  const isWhole = runs.base.end?.reason !== 'interrupted';
  const change = isWhole ? { ...withSlower(compareSides(runs, labels), slower), again } : null;
  const isTelling = isComparable(runs);
  const summaries = { base: summarise(runs.base), head: summarise(runs.head) };
  await writeResults(base, summaries.base, 'fourways compare reads them');
  await writeResults(head, summaries.head, 'fourways compare reads them', async () => {
    if (change === null || !isTelling) return;
    const { writeChange } = await import('../../../reports/change/write.ts');
    const { slowerGraphs } = await import('../../../reports/page/profiles/section.ts');
    const graphs = slower === null ? null : slowerGraphs(slower.profiles);
    await (io.writeChange ?? writeChange)({ change, ...summaries }, whole, graphs);
  });
  if (change === null) {
    const valid = ({ trials }: Run): number => trials.filter(({ outcome }) => outcome.status === 'ok').length;
    const kept = `${valid(runs.base)} trials of base and ${valid(runs.head)} of head were kept`;
    io.err.write(`Interrupted: ${kept}. 'fourways compare ${base} ${head}' shows them.\n`);
    return EXIT.interrupted;
  }
  await print(change, changeFormats, args, io);
  if (!isTelling) {
    io.err.write(`Nothing can be compared: ${visible(failureText(runs))}. 'fourways report ${head}' shows more.\n`);
    return EXIT.untrusted;
  }
  if (args.quiet !== true) {
    io.err.write(`Report: ${join(whole, 'report.html')}; fourways compare and fourways report read its runs\n`);
  }
  return changeExitCode(change, args);
}

function withSlower(change: Change, slower: Slower | null): Change {
  return slower === null ? change : { ...change, slower: slower.cells, notes: [...change.notes, ...slower.notes] };
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
