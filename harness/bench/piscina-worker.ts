/** A Piscina task that does what a pool worker does: load the handler once, then run it per job. */
import { workerData } from 'node:worker_threads';
import type { Reply } from '../../scenarios/scenario.ts';
import { loadHandler } from '../../servers/http/handler.ts';
import type { RawHeaders } from '../../servers/http/reply.ts';
import type { ServerContext } from '../../servers/model.ts';

export interface PiscinaTask {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly body: Uint8Array;
}

export interface PiscinaReply {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Reply['body'];
}

const context: ServerContext = workerData;
const handler = await loadHandler(context);

export default ({ method, url, headers, body }: PiscinaTask): Promise<PiscinaReply> | PiscinaReply => {
  let settled: PiscinaReply | undefined;
  let resolveLater: ((reply: PiscinaReply) => void) | undefined;
  handler.handle(method, url, headers, body, (status, replyHeaders, replyBody) => {
    settled = { status, headers: replyHeaders, body: replyBody };
    resolveLater?.(settled);
  });
  if (settled !== undefined) return settled;
  return new Promise((resolve) => {
    resolveLater = resolve;
  });
};
