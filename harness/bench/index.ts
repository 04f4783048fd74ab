/** `npm run bench [group] [runs]`: the claims about speed, as ratios measured in one run. Prints; asserts nothing. */
import Table from 'cli-table3';
import { ProcessRegistry } from '../measure/processes/registry.ts';
import { integerFlag } from '../plan/options/values.ts';
import { gate } from './gate.ts';
import { generatorCost, openLoop } from './generator.ts';
import { overhead, probes, service } from './overhead.ts';
import { ranking } from './ranking.ts';
import { report } from './report.ts';
import { againstPiscina, connections, cpuBound } from './throughput.ts';

const [only, runsAsked] = process.argv.slice(2);
const runs = runsAsked === undefined ? null : integerFlag('runs', Number(runsAsked), 1, 1000);

const groups = {
  'cpu-bound': cpuBound,
  piscina: againstPiscina,
  connections,
  overhead,
  ranking,
  'generator-cost': generatorCost,
  probes,
  'open-loop': openLoop,
  report,
  gate: () => gate(runs),
  service,
};

if (only !== undefined && !Object.hasOwn(groups, only)) {
  process.stderr.write(`unknown group '${only}'; groups: ${Object.keys(groups).join(', ')}\n`);
  process.exit(2);
}
const registry = new ProcessRegistry();
try {
  for (const [name, run] of Object.entries(groups)) {
    if (only !== undefined && only !== name) continue;
    const table = new Table({ head: [name, 'measured', 'target', ''], style: { head: [], border: [] } });
    for (const { claim, measured, target, reached } of await run(registry)) {
      table.push([claim, measured, target, reached === null ? 'open' : reached ? 'reached' : 'missed']);
    }
    process.stdout.write(`${table.toString()}\n`);
  }
} finally {
  await registry.close();
}
