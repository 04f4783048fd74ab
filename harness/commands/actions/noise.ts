import { isTrusted, type Resolution, resolutionText, WAY_WORDS } from '../../../reports/doctor/resolution.ts';
import { visible } from '../../../reports/words/escape.ts';
import { models } from '../../../servers/index.ts';
import { measureEquals } from '../../doctor/noise/measure-equals.ts';
import { POWER, resolutionOf } from '../../doctor/noise/resolution.ts';
import { EXIT, UserError } from '../../errors.ts';
import { cpusToPlace, openFilesLimit } from '../../measure/host/facts.ts';
import type { Measuring } from '../../measure/measuring.ts';
import { prepareAb } from '../../measure/pairs/prepare.ts';
import type { AbSide } from '../../measure/pairs/sides.ts';
import { loadScenario } from '../../measure/scenario/load.ts';
import { type AbOptions, resolveAbOptions } from '../../plan/options/ab.ts';
import { packageVersion } from '../../version.ts';
import type { Io } from '../io.ts';
import type { DoctorCommand } from './doctor.ts';
import { durationText } from './progress.ts';
import { interruptible } from './session.ts';
import { stepLine } from './step-line.ts';

/** Its requests take as long as those of many services, and it keeps one worker busy. */
const SCENARIO = 'cpu:ms=2';
const MODEL = 'single';
const BUDGET = '60s';
/** Getting ready, and as many rounds in both ways as anything can be said of. */
const SHORTEST_BUDGET_MS = 20_000;
/** What `ab` is likely to be given, in milliseconds; the second gives way to what was asked for. */
const BUDGETS_MS = [30_000, 60_000, 300_000] as const;

/** `fourways doctor --noise`: how small a change can `ab` find on this machine? */
export async function doctorNoiseCommand(
  command: DoctorCommand,
  io: Io,
  startMeasuring: () => Measuring,
): Promise<number> {
  const begun = performance.now();
  const startedAt = io.now();
  const options = optionsOf(command, startedAt);
  const budgetMs = budgetOf(options, command.budget);
  const scenario = command.scenario ?? SCENARIO;
  const measuring = startMeasuring();
  const progress = stepLine(io.err);
  try {
    return await interruptible(async (signal) => {
      try {
        // A mistake in it is not that of a side.
        await loadScenario(measuring.openModule, scenario, signal);
        const about = { version: packageVersion(), startedAt };
        const side = equalSide(scenario);
        const listener = { preparing: (what: string) => progress.show(visible(what)) };
        const prepared = await prepareAb(measuring, options, { base: side, head: side }, about, listener, signal);
        const preparingMs = performance.now() - begun;
        const all = await measureEquals(
          measuring,
          prepared,
          budgetMs - preparingMs,
          (way, nth, leftMs) => progress.show(`${WAY_WORDS[way]}, round ${nth}: ${durationText(leftMs)} left`),
          signal,
        );
        progress.end();
        const { scenarios, seed, margin } = prepared.base.manifest;
        const resolution: Resolution = {
          version: about.version,
          startedAt: startedAt.toISOString(),
          seed,
          scenario: scenarios[0]?.id ?? scenario,
          model: options.models[0] ?? MODEL,
          ...{ margin, budgetMs, preparingMs, power: POWER },
          ways: all.map((one) => resolutionOf(one, budgetsFor(budgetMs), preparingMs)),
        };
        const colour = io.out.isTTY === true && process.env['NO_COLOR'] === undefined;
        io.out.write(
          command.format === 'json'
            ? `${JSON.stringify(resolution, null, 2)}\n`
            : resolutionText(resolution, { colour }),
        );
        return isTrusted(resolution) ? EXIT.fine : EXIT.untrusted;
      } catch (error) {
        if (!signal.aborted) throw error;
        progress.end();
        io.err.write('Interrupted: too little was measured, so nothing is said about this machine.\n');
        return EXIT.interrupted;
      }
    });
  } finally {
    progress.end();
    await measuring.close();
  }
}

function optionsOf({ model, margin, seed, budget }: DoctorCommand, startedAt: Date): AbOptions {
  const flags = { model: [model ?? MODEL], margin, seed, budget: budget ?? BUDGET };
  return resolveAbOptions(flags, false, {
    models: Object.keys(models),
    cpus: cpusToPlace(),
    seed: startedAt.getTime() % 2 ** 32,
    openFiles: openFilesLimit(),
  });
}

function budgetOf({ budgetMs }: AbOptions, asked = BUDGET): number {
  if (budgetMs !== null && budgetMs >= SHORTEST_BUDGET_MS) return budgetMs;
  const shortest = durationText(SHORTEST_BUDGET_MS).replace(' ', '');
  throw new UserError(`--budget ${asked}: both ways of measuring take ${shortest} at least; give ${shortest} or more`);
}

/** What was asked for beside the usual, in order. */
function budgetsFor(askedMs: number): readonly number[] {
  const [short, middle, long] = BUDGETS_MS;
  const own = askedMs === short || askedMs === long ? middle : askedMs;
  return [short, own, long].toSorted((a, b) => a - b);
}

/** Both sides are this one. */
function equalSide(argument: string): AbSide {
  const subject = { kind: 'scenario', argument } as const;
  return { label: argument, subject, scenarios: [{ argument, file: null, asked: argument }] };
}
