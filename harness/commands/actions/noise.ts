import { isTrusted, type Resolution, WAY_WORDS } from '../../../reports/doctor/resolution.ts';
import { visible } from '../../../reports/words/escape.ts';
import type { Io } from '../../command-line/command.ts';
import { measureEquals } from '../../doctor/noise/measure-equals.ts';
import { POWER, resolutionOf } from '../../doctor/noise/resolution.ts';
import { EXIT, UserError } from '../../errors.ts';
import { prepareAb } from '../../measure/pairs/prepare.ts';
import type { AbSide } from '../../measure/pairs/sides.ts';
import { loadScenario } from '../../measure/scenario/load.ts';
import { type AbOptions, resolveAbOptions } from '../../plan/options/ab.ts';
import { packageVersion } from '../../version.ts';
import { noiseFormats, print } from '../formats.ts';
import { durationText, stepLine } from './progress.ts';
import { choicesHere, startMeasuring, withSession } from './session.ts';

export interface NoiseArgs {
  readonly format: string;
  readonly seed?: number | undefined;
  /** Nothing on stderr but errors and warnings. */
  readonly quiet?: boolean | undefined;
  /** For all of it, preparation included. */
  readonly budget?: string | undefined;
  readonly scenario?: string | undefined;
  readonly model?: string | undefined;
  readonly margin?: string | undefined;
}

/** Its requests take as long as those of many services, and it keeps one worker busy. */
const SCENARIO = 'cpu:ms=2';
const MODEL = 'single';
const BUDGET = '60s';
/** Preparation, and the fewest rounds in both ways that allow a conclusion. */
const SHORTEST_BUDGET_MS = 20_000;
/** Likely budgets of `ab`, in milliseconds; the requested one replaces the second. */
const BUDGETS_MS = [30_000, 60_000, 300_000] as const;

/** `fourways doctor --noise`: how small a change can `ab` detect on this machine? */
export async function measureNoise(args: NoiseArgs, io: Io): Promise<number> {
  const begun = performance.now();
  const startedAt = io.now();
  const { model = MODEL, scenario = SCENARIO, budget = BUDGET, margin, seed } = args;
  const flags = { model: [model], budget, margin, seed, rate: ['none'] };
  const options = resolveAbOptions(flags, false, choicesHere(startedAt));
  if (options.models.length > 1) throw new UserError(`--model ${model}: it is measured against itself, so name one`);
  const budgetMs = budgetOf(options, budget);
  const measuring = await startMeasuring(io);
  const progress = stepLine(io.err, args.quiet);
  return withSession({
    processes: measuring,
    progress,
    ifInterrupted: 'Interrupted: too little was measured, so there is no result for this machine.',
    measure: async (signal): Promise<Resolution> => {
      // A mistake in it is not that of a side.
      await loadScenario(measuring.openModule, scenario, signal);
      const about = { version: packageVersion(), startedAt };
      const side = equalSide(scenario);
      const show = (what: string): void => progress.show(visible(what));
      const listener = { preparing: show, told: show };
      const prepared = await prepareAb(measuring, options, { base: side, head: side }, about, listener, signal);
      const preparingMs = performance.now() - begun;
      const ways = await measureEquals(
        measuring,
        prepared,
        budgetMs - preparingMs,
        (way, nth, leftMs) => progress.show(`${WAY_WORDS[way]}, round ${nth}: ${durationText(leftMs)} left`),
        signal,
      );
      const { manifest } = prepared.base;
      return {
        version: about.version,
        startedAt: startedAt.toISOString(),
        seed: manifest.seed,
        scenario: manifest.scenarios[0]?.id ?? scenario,
        model: manifest.cells[0]?.model ?? model,
        margin: manifest.margin,
        ...{ budgetMs, preparingMs, power: POWER },
        ways: ways.map((one) => resolutionOf(one, budgetsFor(budgetMs), preparingMs)),
      };
    },
    conclude: async (resolution) => {
      await print(resolution, noiseFormats, args, io);
      return isTrusted(resolution) ? EXIT.fine : EXIT.untrusted;
    },
  });
}

function budgetOf({ budgetMs }: AbOptions, flag: string): number {
  if (budgetMs !== null && budgetMs >= SHORTEST_BUDGET_MS) return budgetMs;
  const shortest = durationText(SHORTEST_BUDGET_MS).replace(' ', '');
  throw new UserError(`--budget ${flag}: both ways of measuring take at least ${shortest}; give ${shortest} or more`);
}

/** The requested budget and the likely ones, in order. */
function budgetsFor(requestedMs: number): readonly number[] {
  const [short, middle, long] = BUDGETS_MS;
  const own = requestedMs === short || requestedMs === long ? middle : requestedMs;
  return [short, own, long].toSorted((a, b) => a - b);
}

/** Both sides are this one. */
function equalSide(argument: string): AbSide {
  const subject = { kind: 'scenario', argument } as const;
  return {
    label: argument,
    subject,
    workloads: [{ kind: 'scenario', argument, file: null, asked: argument }],
    externals: [],
  };
}
