/** From readings before and after the window to what happened within it. */
import type { LoopUsage, ServerSnapshot, WorkerUsage } from '../../servers/model.ts';
import type { Measurement } from '../store/schema.ts';

type Server = Measurement['server'];
type Loop = NonNullable<Server['front']>;

/**
 * One event loop. Its times are scaled from the time between the readings, which is what active and idle time add up to,
 * to the window: a loop with a slow handler answers late.
 */
function loopBetween(before: LoopUsage, after: LoopUsage, windowMs: number): Loop {
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
  };
}

function workerBetween(before: WorkerUsage, after: WorkerUsage, windowMs: number): Server['workers'][number] {
  const elapsedMs = after.activeMs + after.idleMs - before.activeMs - before.idleMs;
  return {
    ...loopBetween(before, after, windowMs),
    id: after.id,
    requests: after.requests - before.requests,
    waiting: elapsedMs > 0 ? Math.max(0, after.waitingMs - before.waitingMs) / elapsedMs : 0,
  };
}

/**
 * The server between two snapshots. CPU time per request divides what the processes used by what the workers answered
 * between the same two readings, so a reading that comes late distorts neither. The CPU time itself is scaled from the
 * time between the readings to the window, because a busy process answers late. null when nothing was answered.
 */
export function serverBetween(before: ServerSnapshot, after: ServerSnapshot, windowMs: number): Server | null {
  const first = new Map(before.workers.map((worker) => [worker.id, worker]));
  const workers = after.workers.flatMap((worker) => {
    const earlier = first.get(worker.id);
    return earlier === undefined ? [] : [workerBetween(earlier, worker, windowMs)];
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
  const requests = workers.reduce((sum, worker) => sum + worker.requests, 0);
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
    front: before.front === null || after.front === null ? null : loopBetween(before.front, after.front, windowMs),
    workers,
  };
}
