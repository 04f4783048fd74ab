/** `npm run bench`: the claims about speed, as ratios measured in one run. Prints; asserts nothing. */
import Table from 'cli-table3';
import { ProcessRegistry } from '../measure/processes/registry.ts';
import { cpuBound } from './cpu-bound.ts';
import { gate } from './gate.ts';
import { generatorCost } from './generator-cost.ts';
import { openLoop } from './open-loop.ts';
import { overhead } from './overhead.ts';
import { againstPiscina } from './piscina.ts';
import { probes } from './probes.ts';
import { ranking } from './ranking.ts';
import { report } from './report.ts';

const groups = {
  'cpu-bound': cpuBound,
  piscina: againstPiscina,
  overhead,
  ranking,
  'generator-cost': generatorCost,
  probes,
  'open-loop': openLoop,
  report,
  gate,
};

const [only] = process.argv.slice(2);
const registry = new ProcessRegistry();
try {
  for (const [name, run] of Object.entries(groups)) {
    if (only !== undefined && only !== name) continue;
    const table = new Table({ head: [name, 'measured', 'target', ''], style: { head: [], border: [] } });
    for (const { claim, measured, target, reached } of await run(registry)) {
      table.push([claim, measured, target, reached ? 'reached' : 'missed']);
    }
    process.stdout.write(`${table.toString()}\n`);
  }
} finally {
  await registry.close();
}
