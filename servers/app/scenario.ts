/**
 * A service of the user's own as a scenario. The address of this module names the file of the service and the requests to send, so
 * that every worker can load it by its address alone, as it loads every other scenario.
 */
import type { RequestClass, Scenario } from '../../scenarios/scenario.ts';

/** A scenario whose handler is a whole HTTP server. */
export interface AppScenario extends Scenario<never> {
  /** Address of the file of the service. */
  readonly app: string;
}

/** The address of this module for a service, from its own and that of the file. */
export function addressOf(module: URL, app: string, requests: readonly RequestClass[]): string {
  const address = new URL(module);
  address.searchParams.set('app', app);
  address.searchParams.set('requests', JSON.stringify(requests));
  return address.href;
}

const { searchParams } = new URL(import.meta.url);
const app = searchParams.get('app') ?? '';
const requests: readonly RequestClass[] = JSON.parse(searchParams.get('requests') ?? '[]');

const scenario: AppScenario = {
  summary: 'a service of your own',
  parameters: {},
  app,
  inWords: () => requests.map(({ method, path }) => `${method} ${path}`).join(', '),
  requests: () => requests,
  createHandler: () => {
    throw new Error('a service has no handler');
  },
  verify: () => undefined,
};

export default scenario;
