#!/usr/bin/env node
import { EXIT } from './errors.ts';
import { main } from './main.ts';

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
