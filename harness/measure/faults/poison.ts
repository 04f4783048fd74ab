/** A request that asks for a fault: what the server does with it is none of the load's. */
import type { RequestClass } from '../../../scenarios/scenario.ts';
import { codeOf } from '../../errors.ts';
import type { Fault } from '../../store/fault-schema.ts';
import type { FaultRecord } from '../../store/schema.ts';
import { FailedTrial } from '../failed-trial.ts';
import { exchange } from '../replies/exchange.ts';
import { nthRequest } from '../requests/varied.ts';

type Fate = NonNullable<FaultRecord['injected'][number]['poison']>;

/** Read by `servers/fault.cts`. */
const HEADER = 'fourways-fault';

export interface Poison {
  readonly url: string;
  readonly requestClass: RequestClass;
  /** Number of the request, where requests differ. */
  readonly n: number;
  /** Status of a right reply. */
  readonly status: number;
}

/** Sends it on a connection of its own, and tells what became of it. Once the signal fires it is not waited for any longer. */
export async function sendPoison(
  { url, requestClass, n, status }: Poison,
  { kind, lastsMs }: Fault,
  signal: AbortSignal,
): Promise<Fate> {
  const sent = nthRequest(requestClass)(n);
  const fields = [...sent.fields, HEADER, lastsMs === null ? kind : `${kind}=${lastsMs}`];
  try {
    const { reply } = await exchange(url, { ...sent, fields }, signal);
    return reply.status === status ? 'answered' : 'status';
  } catch (error) {
    if (signal.aborted || (error instanceof FailedTrial && error.reason.kind === 'timeout')) return 'timeout';
    return codeOf(error) === 'ECONNREFUSED' ? 'refused' : 'reset';
  }
}
