/**
 * `single`, whose probes run for half a second and then pause for one, over and over. It reports as if it had two
 * workers, the first for the time with probes: both have the same process, the same heap and the same minute.
 */
import { loadHandler } from '../../servers/http/handler.ts';
import { httpServer, respond } from '../../servers/http/server.ts';
import type { Model, Running, ServerContext, WorkerUsage } from '../../servers/model.ts';
import { type LoopProbe, processUsage, startLoopProbe } from '../../servers/usage.ts';

const TURN_MS = 500;

interface Tally {
  cpuUs: number;
  requests: number;
}

async function start(context: ServerContext): Promise<Running> {
  const handler = await loadHandler(context);
  const tallies: readonly [Tally, Tally] = [
    { cpuUs: 0, requests: 0 },
    { cpuUs: 0, requests: 0 },
  ];
  let turn: 0 | 1 = 1;
  let probe: LoopProbe | undefined;
  let usedUs = cpuUs();
  const settle = (): void => {
    const now = cpuUs();
    tallies[turn].cpuUs += now - usedUs;
    usedUs = now;
  };
  const turns = setInterval(() => {
    settle();
    turn = turn === 0 ? 1 : 0;
    if (turn === 0) {
      probe = startLoopProbe();
      probe.usage(0); // The first question is what starts all of it.
    } else probe?.stop();
  }, TURN_MS);
  const server = httpServer((request, body, response) => {
    handler.handle(request.method ?? 'GET', request.url ?? '/', request.rawHeaders, body, (status, headers, text) => {
      tallies[turn].requests++;
      respond(response, status, headers, text);
    });
  });
  const port = await server.listen(context.port);
  return {
    port,
    workers: 1,
    snapshot: async () => {
      settle();
      return {
        processes: [processUsage('worker')],
        front: null,
        workers: tallies.map((tally, i) => usageOf(tally, i, server.connections())),
        lostWorkers: 0,
      };
    },
    stop: () => {
      clearInterval(turns);
      probe?.stop();
      return server.close();
    },
  };
}

function usageOf({ cpuUs, requests }: Tally, id: number, connections: number): WorkerUsage {
  return {
    id,
    requests,
    threadCpuUs: cpuUs,
    activeMs: performance.now(),
    idleMs: 0,
    threadId: null,
    queuedUs: null,
    gcMs: 0,
    loopDelayP99Ms: null,
    waitingMs: 0,
    connections: id === 0 ? connections : 0,
  };
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const model: Model = { summary: 'single with probes that come and go', style: 'alone', start };

export default model;
