#!/usr/bin/env node
import { codeOf, EXIT } from './errors.ts';
import { main } from './main.ts';

// A closed or full output must not end a run.
process.stderr.on('error', () => {});
process.stdout.on('error', (error) => {
  if (codeOf(error) === 'EPIPE') return; // The reader has enough, as `head` does.
  process.stderr.write(
    `fourways: standard output cannot be written (${codeOf(error)}); free some space or redirect it; fourways report prints the result of a run again\n`,
  );
  process.once('exit', () => {
    process.exitCode = EXIT.usage;
  });
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
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = EXIT.bug;
}
