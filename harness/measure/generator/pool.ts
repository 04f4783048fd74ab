/** The generators of a run: a few processes that serve one trial after the other, so that their code is warm from the second on. */
import { entryBeside } from '../../../scenarios/entry.ts';
import { formatCpuList } from '../host/cpu-list.ts';
import type { Keeper, Kept } from '../processes/keeper.ts';
import { generatorOf, nextNotice } from './generator.ts';
import { asOne, type Generators } from './generators.ts';

const READY_LIMIT_MS = 30_000;

export class GeneratorPool {
  readonly #keeper: Keeper;
  /** By the CPUs that they are bound to. */
  readonly #idle = new Map<string, Kept[]>();
  readonly #all = new Set<Kept>();

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  /**
   * Lends `count` generators on these CPUs, or any; resolves when all are ready to start. Their `stop` gives them back, and
   * those that met something wrong are killed instead. Rejects with a FailedTrial when one does not start.
   */
  async take(count: number, cpus: readonly number[] | null, signal: AbortSignal): Promise<Generators> {
    const idle = this.#idleOn(cpus);
    const taken = await Promise.allSettled(
      Array.from({ length: count }, async () => this.#next(idle) ?? (await this.#start(cpus, signal))),
    );
    const kept = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = taken.find((one) => one.status === 'rejected');
    if (refused !== undefined) {
      idle.push(...kept);
      throw refused.reason;
    }
    return asOne(kept.map(generatorOf), (i, isIdle) => {
      const one = kept[i];
      if (isIdle && one !== undefined) idle.push(one);
    });
  }

  /** Ends all of them, also those that are lent. */
  async close(): Promise<void> {
    this.#idle.clear();
    await Promise.all([...this.#all].map((kept) => kept.kill()));
  }

  #idleOn(cpus: readonly number[] | null): Kept[] {
    const key = cpus === null ? 'any' : formatCpuList(cpus);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    return idle;
  }

  /** An idle one that is still alive. */
  #next(idle: Kept[]): Kept | undefined {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) if (this.#all.has(kept)) return kept;
    return undefined;
  }

  async #start(cpus: readonly number[] | null, signal: AbortSignal): Promise<Kept> {
    const kept = this.#keeper.fork(entryBeside(import.meta.url, 'process'), [], cpus);
    this.#all.add(kept);
    void kept.exited.then(() => this.#all.delete(kept));
    try {
      await nextNotice(kept, 'ready', 'the generator to start', READY_LIMIT_MS, signal);
      return kept;
    } catch (error) {
      await kept.kill();
      throw error;
    }
  }
}
