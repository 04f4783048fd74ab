/**
 * A service of the user's own as a scenario. The address of this module names the file of the service, so that every worker can load
 * it by its address alone, as it loads every other scenario. What is sent to it is known to the harness alone.
 */
import type { Scenario } from '../../scenarios/scenario.ts';

/** A scenario whose handler is a whole HTTP server. */
export interface AppScenario extends Scenario<never> {
  /** Address of the file of the service. */
  readonly app: string;
}

/** The address of this module for a service, from its own and that of the file. */
export function addressOf(module: URL, app: string): string {
  const address = new URL(module);
  address.searchParams.set('app', app);
  return address.href;
}

const app = new URL(import.meta.url).searchParams.get('app') ?? '';

const scenario: AppScenario = {
  summary: 'a service of your own',
  parameters: {},
  app,
  requests: () => [],
  createHandler: () => {
    throw new Error('a service has no handler');
  },
  verify: () => undefined,
};

export default scenario;
