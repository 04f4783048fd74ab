/** Runs every step of `npm run check` until one fails, and says how long each took. */
import { spawnSync } from 'node:child_process';

const STEPS = ['format:check', 'lint', 'types', 'unused', 'test'];

const took = [];
let failed = null;
for (const step of STEPS) {
  const start = performance.now();
  // One string, because npm is a script on Windows, which only a shell starts.
  const { status } = spawnSync(`npm run ${step}`, { stdio: 'inherit', shell: true });
  took.push(`${step.padEnd(12)} ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`);
  if (status !== 0) {
    failed = step;
    process.exitCode = status ?? 1;
    break;
  }
}
process.stdout.write(`\n${took.join('\n')}\n`);
if (failed !== null) process.stderr.write(`\nnpm run check failed in ${failed}\n`);
