/** From readings before and after the window to what happened within it. */
import type { HandlingUsage, ServerSnapshot } from '../../servers/model.ts';
import type { Measurement } from '../store/schema.ts';

type Server = Measurement['server'];
type Handling = NonNullable<Server['front']>;

/**
 * One event loop, and the requests that handler code answered on it. Its times are scaled from the time between the
 * readings, which is what active and idle time add up to, to the window: a loop with a slow handler answers late.
 */
function handlingBetween(before: HandlingUsage, after: HandlingUsage, windowMs: number): Handling {
  const activeMs = after.activeMs - before.activeMs;
  const elapsedMs = activeMs + after.idleMs - before.idleMs;
  const scale = elapsedMs > 0 ? windowMs / elapsedMs : 0;
  const since = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : ((to - from) / 1000) * scale;
  return {
    utilisation: elapsedMs > 0 ? activeMs / elapsedMs : 0,
    cpuMs: since(before.threadCpuUs, after.threadCpuUs),
    queuedMs: since(before.queuedUs, after.queuedUs),
    loopDelayP99Ms: after.loopDelayP99Ms,
    gcMs: (after.gcMs - before.gcMs) * scale,
    requests: after.requests - before.requests,
    waiting: elapsedMs > 0 ? Math.max(0, after.waitingMs - before.waitingMs) / elapsedMs : 0,
  };
}

/**
 * The server between two snapshots. CPU time per request divides what the processes used by what workers and front
 * answered between the same two readings, so a reading that comes late distorts neither. The CPU time itself is scaled
 * from the time between the readings to the window, because a busy process answers late. null when nothing was answered.
 */
export function serverBetween(before: ServerSnapshot, after: ServerSnapshot, windowMs: number): Server | null {
  const first = new Map(before.workers.map((worker) => [worker.id, worker]));
  const workers = after.workers.flatMap((worker) => {
    const earlier = first.get(worker.id);
    return earlier === undefined ? [] : [{ ...handlingBetween(earlier, worker, windowMs), id: worker.id }];
  });
  const earlierProcesses = new Map(before.processes.map((process) => [process.pid, process]));
  let userMs = 0;
  let systemMs = 0;
  let usedMs = 0;
  let switches: { voluntary: number; involuntary: number } | null = { voluntary: 0, involuntary: 0 };
  for (const process of after.processes) {
    const earlier = earlierProcesses.get(process.pid);
    const user = (process.userUs - (earlier?.userUs ?? 0)) / 1000;
    const system = (process.systemUs - (earlier?.systemUs ?? 0)) / 1000;
    // One that came within the window has used all that it used within it.
    const scale = earlier === undefined ? 1 : windowMs / (process.atMs - earlier.atMs);
    usedMs += user + system;
    userMs += user * scale;
    systemMs += system * scale;
    if (switches === null || process.switches === null) {
      switches = null;
      continue;
    }
    switches.voluntary += (process.switches.voluntary - (earlier?.switches?.voluntary ?? 0)) * scale;
    switches.involuntary += (process.switches.involuntary - (earlier?.switches?.involuntary ?? 0)) * scale;
  }
  const front =
    before.front === null || after.front === null ? null : handlingBetween(before.front, after.front, windowMs);
  const requests = workers.reduce((sum, worker) => sum + worker.requests, front?.requests ?? 0);
  if (requests === 0) return null;
  return {
    cpuMs: userMs + systemMs,
    userMs,
    systemMs,
    cpuMsPerRequest: usedMs / requests,
    contextSwitches:
      switches === null
        ? null
        : { voluntary: Math.round(switches.voluntary), involuntary: Math.round(switches.involuntary) },
    front,
    workers,
    threadPools: null,
  };
}
