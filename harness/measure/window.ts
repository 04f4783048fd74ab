/** From readings before and after the window to what happened within it. */
import type { LoopUsage, ServerSnapshot } from '../../servers/model.ts';
import type { Measurement } from '../store/schema.ts';

/** Share of the time between two readings in which the loop was not waiting. */
function utilisation(before: LoopUsage, after: LoopUsage): number {
  const active = after.activeMs - before.activeMs;
  const idle = after.idleMs - before.idleMs;
  return active + idle > 0 ? active / (active + idle) : 0;
}

function threadCpuMs(before: LoopUsage, after: LoopUsage): number | null {
  if (before.threadCpuUs === null || after.threadCpuUs === null) return null;
  return (after.threadCpuUs - before.threadCpuUs) / 1000;
}

/**
 * The server between two snapshots. CPU time per request divides what the processes used by what the workers answered
 * between the same two readings, so a reading that comes late distorts neither. The CPU time itself is scaled from the
 * time between the readings to the window, because a busy process answers late. null when nothing was answered.
 */
export function serverBetween(
  before: ServerSnapshot,
  after: ServerSnapshot,
  windowMs: number,
): Measurement['server'] | null {
  const first = new Map(before.workers.map((worker) => [worker.id, worker]));
  const workers = after.workers.flatMap((worker) => {
    const earlier = first.get(worker.id);
    if (earlier === undefined) return [];
    return [
      {
        id: worker.id,
        requests: worker.requests - earlier.requests,
        utilisation: utilisation(earlier, worker),
        cpuMs: threadCpuMs(earlier, worker),
      },
    ];
  });
  const earlierProcesses = new Map(before.processes.map((process) => [process.pid, process]));
  let userMs = 0;
  let systemMs = 0;
  let usedMs = 0;
  for (const process of after.processes) {
    const earlier = earlierProcesses.get(process.pid);
    const user = (process.userUs - (earlier?.userUs ?? 0)) / 1000;
    const system = (process.systemUs - (earlier?.systemUs ?? 0)) / 1000;
    // One that came within the window has used all that it used within it.
    const scale = earlier === undefined ? 1 : windowMs / (process.atMs - earlier.atMs);
    usedMs += user + system;
    userMs += user * scale;
    systemMs += system * scale;
  }
  const requests = workers.reduce((sum, worker) => sum + worker.requests, 0);
  if (requests === 0) return null;
  const front =
    before.front === null || after.front === null
      ? null
      : { utilisation: utilisation(before.front, after.front), cpuMs: threadCpuMs(before.front, after.front) };
  return { cpuMs: userMs + systemMs, userMs, systemMs, cpuMsPerRequest: usedMs / requests, front, workers };
}
