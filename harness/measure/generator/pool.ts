/** The generators of a run: a few processes that serve one trial after the other, so that their code is warm from the second on. */
import { entryBeside } from '../../../scenarios/entry.ts';
import { formatCpuList } from '../host/cpu-list.ts';
import type { OwnedProcess, ProcessRegistry } from '../processes/registry.ts';
import { nextEvent, ProcessGenerator } from './generator.ts';
import { combined, type Generators } from './generators.ts';

const READY_LIMIT_MS = 30_000;

export class GeneratorPool {
  readonly #registry: ProcessRegistry;
  /** By the CPUs that they are bound to. */
  readonly #idle = new Map<string, OwnedProcess[]>();
  readonly #all = new Set<OwnedProcess>();

  constructor(registry: ProcessRegistry) {
    this.#registry = registry;
  }

  /**
   * Lends `count` generators on these CPUs, or any; resolves when all are ready to start. Their `stop` gives them back, and
   * kills those that met a fault instead. Rejects with a FailedTrial when one does not start.
   */
  async take(count: number, cpus: readonly number[] | null, signal: AbortSignal): Promise<Generators> {
    const idle = this.#idleOn(cpus);
    const results = await Promise.allSettled(
      Array.from({ length: count }, async () => this.#next(idle) ?? (await this.#start(cpus, signal))),
    );
    const taken = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = results.find((one) => one.status === 'rejected');
    if (failed !== undefined) {
      idle.push(...taken);
      throw failed.reason;
    }
    return combined(
      taken.map((one) => new ProcessGenerator(one)),
      (i, isIdle) => {
        const one = taken[i];
        if (isIdle && one !== undefined) idle.push(one);
      },
    );
  }

  /** Ends all of them, also those that are lent. */
  async close(): Promise<void> {
    this.#idle.clear();
    await Promise.all([...this.#all].map((one) => one.kill()));
  }

  #idleOn(cpus: readonly number[] | null): OwnedProcess[] {
    const key = cpus === null ? 'any' : formatCpuList(cpus);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    return idle;
  }

  /** An idle one that is still alive. */
  #next(idle: OwnedProcess[]): OwnedProcess | undefined {
    for (let one = idle.pop(); one !== undefined; one = idle.pop()) if (this.#all.has(one)) return one;
    return undefined;
  }

  async #start(cpus: readonly number[] | null, signal: AbortSignal): Promise<OwnedProcess> {
    const owned = this.#registry.fork(entryBeside(import.meta.url, 'process'), [], cpus);
    this.#all.add(owned);
    void owned.exited.then(() => this.#all.delete(owned));
    try {
      await nextEvent(owned, 'ready', { forWhat: 'starting a generator', limitMs: READY_LIMIT_MS, signal });
      return owned;
    } catch (error) {
      await owned.kill();
      throw error;
    }
  }
}
