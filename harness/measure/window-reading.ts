/** What is read before and after the window, besides the server itself. */
import type { Measurement } from '../store/schema.ts';
import { affinity } from './host-facts.ts';
import { machineBetween, readMachineTicks } from './machine.ts';
import { readServices, servicesBetween } from './service-usage.ts';
import { readOrNull } from './system-file.ts';

type Beside = Pick<Measurement, 'services' | 'harnessCpuMs' | 'machine' | 'serverCpus'>;

/** Reads now. The function that it returns reads again, and tells what happened between. */
export function readWindow(servicePids: readonly number[], serverCpus: readonly number[] | null): () => Beside {
  const startMs = performance.now();
  const services = readServices(servicePids);
  const harness = process.cpuUsage();
  const ticks = readMachineTicks();
  return () => {
    const ticksAfter = readMachineTicks();
    const { user, system } = process.cpuUsage(harness);
    return {
      services: servicesBetween(services, readServices(servicePids), performance.now() - startMs),
      harnessCpuMs: (user + system) / 1000,
      machine: machineBetween(ticks, ticksAfter, affinity(readOrNull)),
      serverCpus: serverCpus === null ? null : machineBetween(ticks, ticksAfter, serverCpus),
    };
  };
}
