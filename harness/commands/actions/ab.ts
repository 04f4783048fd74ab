import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChangeFormat, renderChange } from '../../../reports/change/index.ts';
import { visible } from '../../../reports/words/escape.ts';
import { models } from '../../../servers/index.ts';
import { codeOf, EXIT, UserError } from '../../errors.ts';
import { changeExitCode } from '../../judge/change/compare.ts';
import { compareSides, isComparable } from '../../judge/change/open.ts';
import { summarise } from '../../judge/summary.ts';
import { cpusToPlace, openFilesLimit } from '../../measure/host/facts.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { type PreparedAb, prepareAb } from '../../measure/pairs/prepare.ts';
import { AbRecord, measureAb } from '../../measure/pairs/run.ts';
import { type BySide, openSides } from '../../measure/pairs/sides.ts';
import { type AbFlags, resolveAbOptions } from '../../plan/options/ab.ts';
import { SIDES } from '../../plan/schedule/pairs.ts';
import { createOutFolder, defaultFolder, removeIfEmpty } from '../../store/out-folder.ts';
import { RunFile } from '../../store/run-file.ts';
import type { End, Failure, Run } from '../../store/schema.ts';
import { packageVersion } from '../../version.ts';
import type { Io } from '../io.ts';
import { type Progress, startProgress } from './progress.ts';
import { interruptible } from './session.ts';

export interface AbCommand extends AbFlags {
  readonly base: string;
  readonly head: string;
  readonly scenario?: readonly string[] | undefined;
  readonly duet?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly out?: string | undefined;
  readonly format: ChangeFormat;
}

/** `fourways ab`: measures two sides together, writes a run file for each, and tells whether head is worse. */
export async function abCommand(command: AbCommand, io: Io, startMeasuring: () => Measuring): Promise<number> {
  const begun = performance.now();
  const startedAt = io.now();
  const sides = openSides(command, command.scenario);
  const options = resolveAbOptions(command, command.duet, {
    models: Object.keys(models),
    cpus: cpusToPlace(),
    seed: startedAt.getTime() % 2 ** 32,
    openFiles: openFilesLimit(),
  });
  const folder = command.out ?? `${defaultFolder(startedAt)}-ab`;
  createOutFolder(folder);
  for (const side of SIDES) mkdirSync(join(folder, side));
  const measuring = startMeasuring();
  const progress = startProgress(io.err, () => performance.now());
  try {
    return await interruptible(async (signal) => {
      const about = { version: packageVersion(), startedAt };
      const prepared = await prepareAb(measuring, options, sides, about, progress, signal);
      for (const note of prepared.notes) io.err.write(`${visible(note)}\n`);
      const spentMs = performance.now() - begun;
      const runs = await recorded(measuring, prepared, folder, spentMs, progress, io, signal);
      progress.end();
      await measuring.close();
      return conclude(runs, { base: sides.base.label, head: sides.head.label }, folder, command, io);
    });
  } finally {
    progress.end();
    await measuring.close();
    for (const side of SIDES) removeIfEmpty(join(folder, side));
    removeIfEmpty(folder);
  }
}

/** Measures into the files of both sides, and closes them. A signal ends it early, and keeps what was finished by then. */
async function recorded(
  measuring: Measuring,
  prepared: PreparedAb,
  folder: string,
  spentMs: number,
  progress: Progress,
  io: Io,
  signal: AbortSignal,
): Promise<BySide<Run>> {
  const files = {
    base: RunFile.create(join(folder, 'base'), prepared.base.manifest),
    head: RunFile.create(join(folder, 'head'), prepared.head.manifest),
  };
  const record = new AbRecord(prepared, (side, line) => files[side].append(line));
  const endWith = (reason: End['reason']): BySide<Run> => {
    const end: End = { type: 'end', at: io.now().toISOString(), reason };
    for (const side of SIDES) {
      files[side].append(end);
      files[side].close();
    }
    const { base, head } = record.runs;
    return { base: { ...base, end }, head: { ...head, end } };
  };
  try {
    await measureAb(measuring, prepared, record, spentMs, progress, signal);
  } catch (error) {
    if (signal.aborted) return endWith('interrupted');
    // The disk may be what failed: then there is nothing to be added, and the first error is the one that counts.
    if (!(error instanceof UserError)) endWith('stopped');
    throw error;
  }
  return endWith('complete');
}

function conclude(
  runs: BySide<Run>,
  labels: BySide<string>,
  folder: string,
  { format, strict = false }: AbCommand,
  io: Io,
): number {
  const [base, head] = [join(folder, 'base'), join(folder, 'head')];
  for (const side of SIDES) writeSummary(runs[side], join(folder, side));
  if (runs.base.end?.reason === 'interrupted') {
    io.err.write(`Interrupted: ${keptText(runs)}. 'fourways compare ${base} ${head}' shows them.\n`);
    return EXIT.interrupted;
  }
  if (!isComparable(runs)) {
    io.err.write(`Nothing can be compared: ${visible(failureText(runs))}. 'fourways report ${head}' tells more.\n`);
    return EXIT.untrusted;
  }
  const change = compareSides(runs, labels);
  const colour = io.out.isTTY === true && process.env['NO_COLOR'] === undefined;
  io.out.write(renderChange(change, format, { colour, strict }));
  io.err.write(`Runs: ${base} and ${head}; fourways compare and fourways report read them.\n`);
  return changeExitCode(change, { strict });
}

function writeSummary(run: Run, folder: string): void {
  try {
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summarise(run), null, 2)}\n`);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UserError(
      `${folder}: the summary cannot be written (${codeOf(error)}); the trials are in run.ndjson, and fourways compare reads them`,
    );
  }
}

function keptText({ base, head }: BySide<Run>): string {
  const valid = ({ trials }: Run): number => trials.filter(({ outcome }) => outcome.status === 'ok').length;
  return `${valid(base)} trials of base and ${valid(head)} of head are kept`;
}

/** What stood in the way last, on the side where it did. */
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
