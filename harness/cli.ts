#!/usr/bin/env node
import { codeOf, EXIT } from './errors.ts';
import { main } from './main.ts';

// What is said about a run must not end it.
process.stderr.on('error', () => {});
process.stdout.on('error', (error) => {
  if (codeOf(error) === 'EPIPE') return; // Whoever reads has read enough, as `head` does.
  process.stderr.write(
    `fourways: standard output cannot be written (${codeOf(error)}); make space or send it elsewhere; fourways report prints a run again\n`,
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
  });
} catch (error) {
  // A bug. Its stack is what a report of it needs, and 1 would say that a threshold is broken.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = EXIT.bug;
}
