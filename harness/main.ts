import { visible } from '../reports/words/escape.ts';
import { commandLine, type Substitutes } from './command-line/command-line.ts';
import type { Io } from './commands/io.ts';
import { EXIT, Interrupted, UserError } from './errors.ts';

/** Runs one command and returns the exit code. A mistake of the user is one line on stderr; a bug is thrown. */
export async function main(argv: readonly string[], io: Io, substitutes: Substitutes = {}): Promise<number> {
  let exitCode: number = EXIT.fine;
  const parser = commandLine(argv, io, substitutes, (code) => {
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
      io.err.write('Interrupted before the first trial; nothing was written.\n');
      return EXIT.interrupted;
    }
    throw error;
  }
}
