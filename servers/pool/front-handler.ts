/** What the front end of a pool answers itself, instead of handing it to a worker. */
import type { RequestClass } from '../../scenarios/scenario.ts';
import { FAULT_HEADER, loadHandler } from '../http/handler.ts';
import { type OnRequest, respond } from '../http/server.ts';
import type { FrontRoute, HandlingUsage, ServerContext } from '../model.ts';

/** The requests that are marked to be answered on the front end. */
export function frontRoutes(classes: readonly RequestClass[]): readonly FrontRoute[] {
  return classes.filter(({ onFront }) => onFront === true).map(({ method, path }) => ({ method, url: path }));
}

export interface FrontHandler {
  /** Takes every request of the front end. */
  readonly onRequest: OnRequest;
  /** Of what the front end answered itself. */
  usage(): Pick<HandlingUsage, 'requests' | 'waitingMs'>;
}

/**
 * When nothing is to be answered on the front end, requests go straight to the workers: that is decided once and not for each
 * request, and the scenario is not even loaded.
 */
export async function startFrontHandler(context: ServerContext, toWorkers: OnRequest): Promise<FrontHandler> {
  if (context.onFront.length === 0) {
    return { onRequest: toWorkers, usage: () => ({ requests: 0, waitingMs: 0 }) };
  }
  const methodsOf = new Map<string, Set<string>>();
  for (const { method, url } of context.onFront) {
    methodsOf.set(url, (methodsOf.get(url) ?? new Set()).add(method));
  }
  const handler = await loadHandler(context);
  let requests = 0;
  return {
    onRequest: (request, body, response) => {
      const { method = 'GET', url = '/', rawHeaders } = request;
      const isPoison = context.faults === true && request.headers[FAULT_HEADER] !== undefined;
      if (isPoison || methodsOf.get(url)?.has(method) !== true) {
        toWorkers(request, body, response);
        return;
      }
      handler.handle(method, url, rawHeaders, body, (status, headers, text) => {
        requests++;
        respond(response, status, headers, text);
      });
    },
    usage: () => ({ requests, waitingMs: handler.waitingMs() }),
  };
}
