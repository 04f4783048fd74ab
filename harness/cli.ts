#!/usr/bin/env node
import { checkProcess, endAs, lastWords, watchEnding } from './ending.ts';
import { hasNodeOptions, startAgain } from './restart.ts';

watchEnding();
// First of all: while other files are loaded, an agent may print.
if (hasNodeOptions()) startAgain();
else run().then(endAs, (error) => endAs(lastWords(error)));

async function run(): Promise<number> {
  checkProcess();
  const { main } = await import('./main.ts');
  return main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    now: () => new Date(),
    env: process.env,
  });
}
