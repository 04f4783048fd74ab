import { visible } from '../reports/words/escape.ts';
import type { Io } from './command-line/command.ts';
import { commandLine } from './command-line/command-line.ts';
import { commands } from './commands/index.ts';
import { EXIT, Interrupted, UserError } from './errors.ts';

/** Runs one command and returns the exit code. A mistake of the user is one line on stderr; a bug is thrown. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const declared = Object.entries(commands).map(async ([name, load]) => [name, (await load()).default] as const);
  let exitCode: number = EXIT.fine;
  const parser = commandLine(Object.fromEntries(await Promise.all(declared)), argv, io, (code) => {
    exitCode = code;
  });
  try {
    await parser.parseAsync([...argv], {}, (_error: unknown, _argv: unknown, output: string) => {
      // Help and version come this way, and nothing else does.
      if (output !== '') io.out.write(`${output}\n`);
    });
    return exitCode;
  } catch (error) {
    if (error instanceof UserError) {
      io.err.write(`fourways: ${visible(error.message)}\n`);
      return EXIT.usage;
    }
    if (error instanceof Interrupted) {
      io.err.write(`${error.message}\n`);
      return EXIT.interrupted;
    }
    throw error;
  }
}
