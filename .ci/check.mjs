/** Runs every step of `npm run check`: those that only read side by side, then the tests. Says how long each took. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const READING = ['format:check', 'lint', 'types', 'unused'];

const took = [];
const failed = [];

/** What a step prints comes when it is over, so that no two are mixed up. */
async function run(step, stdio) {
  const start = performance.now();
  // One string, because npm is a script on Windows, which only a shell starts.
  const child = spawn(`npm run ${step}`, { stdio: ['ignore', stdio, stdio], shell: true });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(chunk));
  const status = await new Promise((resolve) => child.once('close', resolve));
  process.stdout.write(Buffer.concat(printed));
  took.push(`${step.padEnd(12)} ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`);
  if (status !== 0) {
    failed.push(step);
    process.exitCode ||= status ?? 1;
  }
}

const waiting = [...READING];
async function runWaiting() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await run(step, 'pipe');
}

await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
if (failed.length === 0) await run('test', 'inherit');
process.stdout.write(`\n${took.join('\n')}\n`);
if (failed.length > 0) process.stderr.write(`\nnpm run check failed in ${failed.join(', ')}\n`);
