/** What the load generators cost, and how punctual the open-loop one is. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { calibrate } from '../measure/calibration/calibrate.ts';
import { cpusToPlace } from '../measure/host/facts.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { loadScenario } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { BUILT_IN, serverContext, startServer } from '../measure/server/launch.ts';
import { placementFor } from '../plan/options/placement.ts';
import { mergeLatencies } from '../stats/latency.ts';
import { median } from '../stats/spread.ts';
import type { Measurement } from '../store/schema.ts';
import { atMost, below, type Claim } from './claim.ts';
import { benchmark } from './measure.ts';

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');
const CONNECTIONS = 64;
const ROUNDS = 5;
/** Until the command line has loaded and connected. */
const START_MS = 300;
const MEASURE_MS = 2500;
/** By scenario: the longer a request takes, the more of the cost is waking up for its reply. */
const TARGETS = { hello: 0.8, 'cpu:ms=0.5': 1, 'cpu:ms=5': 1.1 } as const;
const { signal } = new AbortController();

/** CPU time of a request in our generator and in the command line of autocannon. */
export async function generatorCost(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const [scenario, target] of Object.entries(TARGETS)) {
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { us: ours, warmUpMs } = await oursUs(registry, scenario);
      // Code that has run for as long is as well compiled.
      const theirs = await theirsUs(registry, scenario, START_MS + warmUpMs);
      process.stderr.write(`${scenario}: ${ours.toFixed(1)} µs, autocannon ${theirs.toFixed(1)} µs\n`);
      ratios.push(ours / theirs);
    }
    claims.push(atMost(`${scenario}: generator CPU per request ÷ autocannon's`, median(ratios), target));
  }
  return claims;
}

async function oursUs(registry: ProcessRegistry, scenario: string): Promise<{ us: number; warmUpMs: number }> {
  const what = { scenario, servers: ['single'], connections: CONNECTIONS, rounds: 1, measureMs: MEASURE_MS };
  const { measurements, trials } = await benchmark(registry, what);
  const [measurement] = measurements.get('single') ?? [];
  if (measurement === undefined) throw new Error('nothing was measured');
  const cpuMs = measurement.generators.reduce((sum, one) => sum + one.cpuMs, 0);
  const warmUpMs = trials.get('single')?.[0]?.phasesMs.warmUp ?? 0;
  return { us: (cpuMs * 1000) / measurement.requests, warmUpMs };
}

/** CPU time of the process as the kernel counts it, over the requests that the server counts. */
async function theirsUs(registry: ProcessRegistry, scenario: string, warmUpMs: number): Promise<number> {
  const loaded = await loadScenario(moduleOpener(registry), scenario, signal);
  const { iterations } = await calibrate(registry, loaded, { cpus: 1, boundTo: null, iterations: null }, signal);
  const handlerContext = { parameters: loaded.parameters, iterations, addresses: {} };
  const context = serverContext(loaded, handlerContext, { workers: 1 });
  const server = await startServer(registry, 'single', BUILT_IN, context, signal);
  const flags = ['-c', String(CONNECTIONS), '-d', String((warmUpMs + MEASURE_MS) / 1000 + 2), '--no-progress'];
  const child = spawn(process.execPath, [AUTOCANNON, ...flags, server.url], { stdio: 'ignore' });
  const read = async (): Promise<{ cpuUs: number; requests: number }> => {
    const { inside } = await server.read(signal);
    return { cpuUs: processCpuUs(child.pid ?? 0), requests: inside?.workers[0]?.requests ?? 0 };
  };
  try {
    await setTimeout(warmUpMs);
    const before = await read();
    await setTimeout(MEASURE_MS);
    const after = await read();
    return (after.cpuUs - before.cpuUs) / (after.requests - before.requests);
  } finally {
    child.kill('SIGKILL');
    await server.stop();
  }
}

/** All threads of a process that is not ours: fields 14 and 15 of proc_pid_stat(5), in hundredths of a second. */
function processCpuUs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

const OPEN_MEASURE_MS = 4000;

/** How late the open-loop generator sends, and what CPU time it takes, on a CPU of its own. */
export async function openLoop(registry: ProcessRegistry): Promise<readonly Claim[]> {
  const placement = placementFor({ isolate: 1 }, CONNECTIONS, cpusToPlace());
  const at = async (requestsPerSec: number): Promise<readonly Measurement[]> => {
    const load = {
      kind: 'rate',
      requestsPerSec,
      arrivals: 'constant',
      measureMs: OPEN_MEASURE_MS,
      mostConnections: 1000,
      countErrors: false,
    } as const;
    const what = { scenario: 'hello', servers: ['single'], connections: CONNECTIONS, rounds: ROUNDS };
    const outcome = await benchmark(registry, { ...what, measureMs: OPEN_MEASURE_MS, load, placement });
    const measurements = outcome.measurements.get('single') ?? [];
    process.stderr.write(`${requestsPerSec}/s: ${measurements.map(text).join('; ')}\n`);
    return measurements;
  };
  const slow = await at(1000);
  const fast = await at(10_000);
  return [
    below('constant 10,000 requests/s on one CPU: p99 of the send delay', median(fast.map(delayP99)), 1, 'ms'),
    below('constant 1,000 requests/s: generator, of a CPU', median(slow.map(cpuShare)), 0.2, 'CPU'),
  ];
}

function delayP99({ open }: Measurement): number {
  return mergeLatencies([open?.sendDelayHistogram ?? ''])?.p99 ?? Number.NaN;
}

function cpuShare({ generators, windowMs }: Measurement): number {
  return generators.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / windowMs;
}

function text(measurement: Measurement): string {
  const latency = mergeLatencies([measurement.latencyHistogram]);
  const figures = [latency?.p50, latency?.p99, delayP99(measurement)].map((ms) => ms?.toFixed(2) ?? '-');
  return `${figures.join(' / ')} ms, ${cpuShare(measurement).toFixed(3)} CPU`;
}
