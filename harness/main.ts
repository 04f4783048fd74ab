import { harmless, visible } from '../reports/words/escape.ts';
import type { Io, Stream } from './command-line/command.ts';
import { runWords } from './command-line/command-line.ts';
import { commands } from './commands/index.ts';
import { EXIT, Interrupted, systemFault, UserError } from './errors.ts';

/** Runs one command and returns the exit code. What the user or the system caused is one line on stderr; a bug is thrown. */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const io: Io = { ...given, out: guarded(given.out), err: guarded(given.err) };
  const declared = Object.entries(commands).map(async ([name, load]) => [name, (await load()).default] as const);
  let exitCode: number = EXIT.fine;
  try {
    await runWords(argv, Object.fromEntries(await Promise.all(declared)), io, (code) => {
      exitCode = code;
    });
    return exitCode;
  } catch (error) {
    if (error instanceof Interrupted) {
      io.err.write(`${error.message}\n`);
      return EXIT.interrupted;
    }
    const known = error instanceof UserError ? error : systemFault(error);
    if (known === null) throw error;
    io.err.write(`fourways: ${visible(known.message)}\n`);
    return known.exitCode;
  }
}

/** Nothing leaves that a terminal or the log of a CI would take for more than text. What is written begins on a line of its own. */
function guarded(stream: Stream): Stream {
  return {
    write: (text) => stream.write(harmless(text)),
    writeCommands: (text) => stream.write(text),
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}
