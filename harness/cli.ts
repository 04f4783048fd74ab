#!/usr/bin/env node
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isatty } from 'node:tty';
import { hasNodeOptions, startAgain } from './restart.ts';

// First of all: while other files are loaded, an agent may print.
if (hasNodeOptions()) await startAgain();

const { codeOf, EXIT } = await import('./errors.ts');
const { bugText, main } = await import('./main.ts');
const terminals = [0, 1, 2].filter((fd) => isatty(fd));

// A closed or full output must not end a run.
process.stderr.on('error', () => {});
process.stdout.on('error', (error) => {
  // The reader has enough, as `head` does, or the terminal was closed.
  if (codeOf(error) === 'EPIPE' || (codeOf(error) === 'EIO' && terminals.includes(1))) return;
  process.stderr.write(
    `fourways: standard output cannot be written (${codeOf(error)}); free some space or redirect it; fourways report prints the result of a run again\n`,
  );
  process.once('exit', () => {
    process.exitCode = EXIT.usage;
  });
});
process.once('exit', () => {
  // Node.js aborts when it cannot set a terminal back that was closed.
  for (const fd of terminals.filter((one) => !isatty(one))) {
    closeSync(fd);
    openSync(devNull, 'r+');
  }
});

try {
  process.exitCode = await main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    now: () => new Date(),
    env: process.env,
  });
} catch (error) {
  // A bug: print its stack for the report. Exit code 1 would mean that a threshold is broken.
  process.stderr.write(bugText(error));
  process.exitCode = EXIT.bug;
}
