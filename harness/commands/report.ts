import { dirname, join } from 'node:path';
import { writeReport } from '../../reports/write.ts';
import { codeOf, UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { withRequirements } from '../judge/require.ts';
import { summarise } from '../judge/summary.ts';
import { exitCodeOf, type Format, printSummary } from '../output.ts';
import { writeHdr } from '../store/hdr-export.ts';
import { createOutFolder } from '../store/out-folder.ts';
import { readRun } from '../store/read-run.ts';
import { runFilePath } from '../store/run-file.ts';

export interface ReportCommand {
  readonly run: string;
  readonly out?: string | undefined;
  readonly salvage: boolean;
  readonly format: Format;
  /** Write `.hgrm` files as well. */
  readonly hdr?: boolean | undefined;
  /** What must hold, as it was given. */
  readonly require?: readonly string[] | undefined;
  /** A requirement of which nothing can be said is not fine. */
  readonly strict?: boolean | undefined;
}

/** `fourways report`: draws everything again from the run file alone. */
export async function reportCommand(command: ReportCommand, io: Io): Promise<number> {
  const path = runFilePath(command.run);
  const run = readRun(path, { salvage: command.salvage });
  const summary = withRequirements(summarise(run), run, command.require);
  const folder = command.out ?? join(dirname(path), 'report');
  // Beside its run a report may be drawn again; anywhere else nothing is overwritten.
  if (command.out !== undefined) createOutFolder(folder);
  try {
    await writeReport(summary, folder);
    if (command.hdr === true) await writeHdr(run, command.out ?? dirname(path));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UserError(`--out ${folder} cannot be written (${codeOf(error)}); name a folder that you may write to`);
  }
  printSummary(summary, command.format, io.out);
  io.err.write(`Report: ${join(folder, 'index.html')}\n`);
  return exitCodeOf(summary, command);
}
