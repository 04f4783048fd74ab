import { cpus } from 'node:os';
import { operationWords } from '../../../reports/costs.ts';
import type { Io } from '../../command-line/command.ts';
import type { Costs } from '../../costs/costs.ts';
import { launchHere, measureCosts, ROUNDS, TIMES } from '../../costs/measure.ts';
import { GROUPS, OPERATIONS } from '../../costs/operations.ts';
import { EXIT, UserError } from '../../errors.ts';
import { availableCpus } from '../../measure/host/available-cpus.ts';
import { runtimeAt } from '../../measure/server/node-binary.ts';
import { didYouMean, integerFlag } from '../../plan/options/values.ts';
import { packageVersion } from '../../version.ts';
import { costFormats, print } from '../formats.ts';
import { durationText, stepLine } from './progress.ts';
import { seedOf, withSession } from './session.ts';

interface CostArgs {
  readonly format: string;
  readonly only?: readonly string[] | undefined;
  readonly runtime?: string | undefined;
  readonly seed?: number | undefined;
  readonly quiet?: boolean | undefined;
}

/** `fourways costs`. */
export async function timeCosts(args: CostArgs, io: Io): Promise<number> {
  const startedAt = io.now();
  const seed = integerFlag('--seed', args.seed ?? seedOf(startedAt), 0, 2 ** 32 - 1);
  const operations = operationsAsked(args.only);
  const runtime = args.runtime === undefined ? undefined : runtimeAt(args.runtime);
  const processes = (io.launching ?? launchHere)();
  const progress = stepLine(io.err, args.quiet);
  return withSession({
    processes,
    progress,
    ifInterrupted: 'Interrupted: not everything was timed, so there is no table.',
    measure: async (signal): Promise<Costs> => {
      const settings = {
        operations,
        rounds: ROUNDS,
        seed,
        times: TIMES,
        execPath: runtime?.path,
        cpus: availableCpus().count,
      };
      const costs = await measureCosts(
        processes,
        settings,
        (operation, nth, of, leftMs) =>
          progress.show(`[${nth}/${of}] ${operationWords(operation)}, ${durationText(leftMs)} left`),
        signal,
      );
      return {
        ...{ version: packageVersion(), startedAt: startedAt.toISOString(), seed, rounds: ROUNDS },
        node: runtime?.version ?? process.versions.node,
        cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
        costs,
      };
    },
    conclude: async (measured) => {
      await print(measured, costFormats, args, io);
      return measured.costs.some(({ impossible }) => impossible !== null) ? EXIT.untrusted : EXIT.fine;
    },
  });
}

/** Those of some groups, or all. Throws UserError. */
function operationsAsked(only: readonly string[] | undefined) {
  if (only === undefined) return OPERATIONS;
  const unknown = only.find((name) => !GROUPS.some((group) => group === name));
  if (unknown !== undefined) throw new UserError(`--only ${unknown}: unknown group.${didYouMean(unknown, GROUPS)}`);
  return OPERATIONS.filter(({ group }) => only.includes(group));
}
