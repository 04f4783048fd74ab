/** The server of a trial with faults. It may end, and one that nobody takes over from is started again to be reloaded. */
import type { ServerReading } from '../../store/server-schema.ts';
import type { RunningServer } from '../server/running.ts';

export class FaultedServer {
  readonly #startAgain: () => Promise<RunningServer>;
  #current: RunningServer;
  #end: string | null = null;
  #startedAgain = 0;
  #isBetween = false;

  constructor(server: RunningServer, startAgain: () => Promise<RunningServer>) {
    this.#current = server;
    this.#startAgain = startAgain;
    this.#follow(server);
  }

  get url(): string {
    return this.#current.url;
  }

  /** Null where it is not known. */
  get workers(): number | null {
    return this.#current.workers;
  }

  /** How it has ended; null while it runs. */
  get end(): string | null {
    return this.#end;
  }

  /** How often it was started again. */
  get startedAgain(): number {
    return this.#startedAgain;
  }

  read(signal: AbortSignal, limitMs?: number): Promise<ServerReading> {
    return this.#current.read(signal, limitMs);
  }

  /** Has every worker replaced, as the server can: where nobody takes over, it ends in order and is started again. */
  async reload(line: string | null, signal: AbortSignal): Promise<void> {
    const old = this.#current;
    if (old.canReload) return old.reload(signal, line);
    this.#isBetween = true;
    await old.end();
    this.#current = await this.#startAgain();
    this.#startedAgain++;
    this.#isBetween = false;
    this.#follow(this.#current);
  }

  #follow(server: RunningServer): void {
    void server.exited.then((how) => {
      if (!this.#isBetween) this.#end = how;
    });
  }
}
