/** Every operation in rounds of random order, each time in a fresh process: the launch is the unit of replication. */
import { entryBeside } from '../../scenarios/entry.ts';
import { nextMessage } from '../measure/processes/next-message.ts';
import { ProcessRegistry } from '../measure/processes/registry.ts';
import { randomStream, shuffled } from '../stats/random.ts';
import { type Cost, costsOf, type Launched } from './costs.ts';
import { type CostCommand, type Launch, launchSchema, type Operation } from './operations.ts';

/** An interval over fewer launches is wide. */
export const ROUNDS = 5;
/** In milliseconds, of each launch; half of `measureMs` is for time, as many repetitions again are for CPU time. */
export const TIMES = { warmUpMs: 150, measureMs: 250 } as const;
/** On a machine that is busy with something else. */
const LIMIT_MS = 60_000;
/** Starting and ending the process of a launch. */
const AROUND_MS = 150;

interface CostSettings {
  readonly operations: readonly Operation[];
  readonly rounds: number;
  readonly seed: number;
  readonly times: Pick<CostCommand, 'warmUpMs' | 'measureMs'>;
  /** The Node.js that is asked about; our own without one. */
  readonly execPath: string | undefined;
  readonly cpus: number;
}

/** What starts processes, so that the rest can be tested without it. */
export interface Launching {
  /** One launch; `execPath` is another Node.js than our own. */
  launch(command: CostCommand, execPath: string | undefined, signal: AbortSignal): Promise<Launch>;
  /** Ends every process that is left. */
  close(): Promise<void>;
}

/** Launches on this machine. */
export function launchHere(): Launching {
  const registry = new ProcessRegistry();
  return {
    async launch(command, execPath, signal) {
      const owned = registry.fork(entryBeside(import.meta.url, 'process'), [], null, { execPath });
      try {
        owned.child.send(command, () => {});
        const { group, of } = command.operation;
        const wait = { forWhat: `timing ${group} ${of}`, limitMs: LIMIT_MS, signal };
        return await nextMessage(owned, launchSchema, (found) => found, wait);
      } finally {
        await owned.kill();
      }
    },
    close: () => registry.close(),
  };
}

/** `begins` is called before each launch, with the time left in milliseconds. */
export async function measureCosts(
  launching: Launching,
  { operations, rounds, seed, times, execPath, cpus }: CostSettings,
  begins: (operation: Operation, nth: number, of: number, leftMs: number) => void,
  signal: AbortSignal,
): Promise<readonly Cost[]> {
  const random = randomStream(seed);
  const visits = Array.from({ length: rounds }, () => shuffled(operations, random)).flat();
  const launched: Launched[] = [];
  const launchMs = times.warmUpMs + times.measureMs + AROUND_MS;
  for (const [i, operation] of visits.entries()) {
    signal.throwIfAborted();
    begins(operation, i + 1, visits.length, (visits.length - i) * launchMs);
    launched.push({ operation, launch: await launching.launch({ operation, ...times }, execPath, signal) });
  }
  return costsOf(operations, launched, cpus);
}
