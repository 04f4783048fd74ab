import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { PLAIN_NODE, type ServerNode } from '../../plan/options/server-node.ts';
import type { Environment } from '../../store/schema.ts';
import { availableCpus } from './available-cpus.ts';
import { hostFacts, openFilesLimit } from './facts.ts';
import { gitState } from './git-state.ts';
import { readOrNull } from './system-file.ts';
import { virtualisation } from './virtualisation.ts';

/** Where the run takes place. To be called before anything is started, because of the load average. */
export function readEnvironment(servers: ServerNode = PLAIN_NODE): Environment {
  // First of all: git and the shell, which are started below, are load of our own.
  const loadBefore = loadAverage();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    uv: process.versions.uv,
    platform: platform(),
    arch: arch(),
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    ...hostFacts(readOrNull),
    ...readTrialEnvironment(servers),
    servers: serversOf(servers),
    virtualisation: virtualisation(readOrNull),
    loadBefore,
    memoryBytes: totalmem(),
    openFiles: openFilesLimit(),
    git: gitState(),
  };
}

/** What the figures of a trial are judged against. */
export function readTrialEnvironment({
  env,
}: ServerNode = PLAIN_NODE): Pick<Environment, 'availableCpus' | 'uvThreadpoolSize'> {
  const { UV_THREADPOOL_SIZE = null } = { ...process.env, ...env };
  return { availableCpus: availableCpus(), uvThreadpoolSize: UV_THREADPOOL_SIZE };
}

/** Names of variables without their values, which may be secrets. */
function serversOf({ args, env }: ServerNode): Environment['servers'] {
  const { NODE_OPTIONS = null } = { ...process.env, ...env };
  return { nodeArgs: [...args], env: Object.keys(env).toSorted(), nodeOptions: NODE_OPTIONS, runtimes: [] };
}

/** Of libuv itself. */
const DEFAULT_THREAD_POOL_SIZE = 4;

/** Threads in the libuv pool of each process. */
export function threadPoolSize({ uvThreadpoolSize }: Pick<Environment, 'uvThreadpoolSize'>): number {
  const size = Number.parseInt(uvThreadpoolSize ?? '', 10);
  return size >= 1 ? size : DEFAULT_THREAD_POOL_SIZE;
}

/** Processes that ran or waited, over one minute; Node.js gives zeros on Windows, which has no such figure. */
function loadAverage(): number | null {
  return platform() === 'win32' ? null : (loadavg()[0] ?? null);
}
