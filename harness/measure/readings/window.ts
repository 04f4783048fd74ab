/** What is read at the edges of the window, besides the server itself. */
import type { Measurement } from '../../store/schema.ts';
import { affinity } from '../host/facts.ts';
import { readOrNull } from '../host/system-file.ts';
import { machineBetween, readMachineTicks } from './machine.ts';
import { readServices, servicesBetween } from './threads.ts';

type Around = Pick<Measurement, 'services' | 'harnessCpuMs' | 'machine' | 'serverCpus'>;

/** Reads now. The returned function reads again, and returns what happened between the two. */
export function readWindow(servicePids: readonly number[], serverCpus: readonly number[] | null): () => Around {
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
