import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from '../store/schema.ts';
import { availableCpus } from './available-cpus.ts';

/** Where the run took place. */
export function readEnvironment(): Environment {
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    uv: process.versions.uv,
    platform: platform(),
    arch: arch(),
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    availableCpus: availableCpus(),
    memoryBytes: totalmem(),
    uvThreadpoolSize: process.env['UV_THREADPOOL_SIZE'] ?? null,
  };
}
