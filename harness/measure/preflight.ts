/** Before anything is timed: does every model start, and do all of them send the same bytes? */

import { frontRoutes } from '../../servers/front-handler.ts';
import { blame } from '../errors.ts';
import type { PlannedModel } from '../plan/cells.ts';
import type { Keeper } from './keeper.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { setUp } from './scenario-set-up.ts';
import { startServer } from './server-process.ts';
import { type Fingerprints, verifyReplies } from './verify.ts';

/**
 * Starts every model once with the scenario, checks every reply, and compares the bytes across models. Returns what a
 * reply must be from here on. Throws a UserError that names scenario, model and difference: a comparison between
 * models that do not do the same is worth nothing.
 */
export async function preflight(
  keeper: Keeper,
  loaded: LoadedScenario,
  iterations: number,
  models: readonly PlannedModel[],
  workers: number,
  signal: AbortSignal,
  execPath?: string,
): Promise<Fingerprints> {
  const { scenario, parameters, url: scenarioUrl, id } = loaded;
  const classes = scenario.requests(parameters);
  const onFront = frontRoutes(classes);
  const surroundings = await blame(`scenario ${id}: its setUp failed`, signal, () =>
    setUp(keeper, scenario, parameters, signal),
  );
  try {
    const handlerContext = { parameters, iterations, addresses: surroundings.addresses };
    let expected: Fingerprints | null = null;
    for (const { name, style } of models) {
      const context = { scenarioUrl, handlerContext, workers: style === 'alone' ? 1 : workers, port: 0, onFront };
      const before: Fingerprints | null = expected;
      expected = await blame(`scenario ${id} under ${name}`, signal, async () => {
        const server = await startServer(keeper, name, context, signal, { execPath });
        try {
          return await verifyReplies(server.url, scenario, classes, handlerContext, server.workers, before, signal);
        } finally {
          await server.stop();
        }
      });
    }
    return expected ?? new Map();
  } finally {
    await surroundings.takeAway();
  }
}
