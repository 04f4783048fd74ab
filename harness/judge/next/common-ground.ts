/** What a short trial shows about how to measure a scenario: pure decisions, for the planning of a run. */
import type { Measurement } from '../../store/schema.ts';
import { loopsOf } from '../../store/server-schema.ts';

/** From this share of all CPU time per request on, load generation beside the server decides what the figure is. */
const LOAD_MATTERS = 0.1;

/** Whether load generation takes CPU time that matters from a server that shares its CPUs. */
export function loadMatters({ server, generators, services }: Measurement): boolean {
  const load = sum(generators.map(({ cpuMs }) => cpuMs)) + sum((services ?? []).map(({ cpuMs }) => cpuMs));
  return load > LOAD_MATTERS * (load + server.cpuMs);
}

/** Most requests wait in handler code for something else, so the number of connections decides what is asked of the server. */
const MOSTLY_WAITING = 0.5;
const CPUS_IDLE = 0.3;

export function mostlyWaits({ server, serverCpus, machine }: Measurement, connections: number): boolean {
  if (server.workers === null) {
    // Where only the outside is known: what has no CPU while some are idle waits for something else.
    const idle = (serverCpus ?? machine)?.idle ?? 0;
    return server.busiestThread !== null && server.busiestThread < BUSY && idle > CPUS_IDLE;
  }
  const waiting = sum(loopsOf(server).map((loop) => loop.waiting));
  return waiting > MOSTLY_WAITING * connections;
}

/** A loop that runs or waits for a CPU for more of the time than this is as good as busy. */
const BUSY = 0.95;
/** More than the law of utilisation asks for, because a request costs less CPU time the busier a server is. */
const HEADROOM = 1.5;

/**
 * Connections that would keep a server busy which was as busy as this with `connections`: throughput, and so utilisation,
 * grows with the requests under way (Little 1961) until something is at its end. null when it was busy: a thread that waited
 * for a CPU lacked that, and not connections.
 */
export function connectionsToFill({ server, windowMs }: Measurement, connections: number): number | null {
  const shares = loopsOf(server).map(({ cpuMs, queuedMs, utilisation }) =>
    cpuMs === null ? utilisation : (cpuMs + (queuedMs ?? 0)) / windowMs,
  );
  const busiest = server.workers === null ? (server.busiestThread ?? 1) : Math.max(...shares);
  if (busiest >= BUSY) return null;
  return Math.ceil((connections * HEADROOM) / Math.max(busiest, 1 / connections));
}

/** More connections that serve less than this times as many requests are of no use: something else is at its end. */
const WORTH = 1.1;

export function isWorthMore(before: Measurement, after: Measurement): boolean {
  return after.requestsPerSec >= WORTH * before.requestsPerSec;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
