/** A server that runs, as a trial sees it. */
import type { ServerReading } from '../../store/server-schema.ts';

/** It could not be started: usually the handler failed to load. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Null where it is not known. */
  readonly workers: number | null;
  /** Whether it was started for this trial, and not before. */
  readonly isFresh: boolean;
  /** Resolves when the process tree is gone, with how its root ended and the error that it printed. */
  readonly exited: Promise<string>;
  /** The end of what its processes wrote. */
  recentOutput(): string;
  /** Rejects with a FailedTrial when it does not answer within the limit, 30 s by default. */
  read(signal: AbortSignal, limitMs?: number): Promise<ServerReading>;
  /** Whether others take over while a worker is replaced. */
  readonly canReload: boolean;
  /**
   * Has every worker replaced: a command by its line, a model by itself. Rejects with a FailedTrial that says why that cannot be, or when it
   * is not over within a limit.
   */
  reload(signal: AbortSignal, line?: string | null): Promise<void>;
  /** Asks it to end as whoever runs a service does, and resolves when it is gone; kills it when it does not end in time. */
  end(): Promise<void>;
  /** Asks it to stop, and kills it when it does not. */
  stop(): Promise<void>;
}
