/** A connection for each request, closed after the reply: what clients without keep-alive do, and proxies that lack it. */
import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ComparisonSample } from '../../../stats/comparison-sample.ts';
import { UNVERIFIED } from '../../replies/exchange.ts';
import { allFields } from '../../requests/on-wire.ts';
import type { Clients } from './clients.ts';
import { brokenBy, type Connections } from './connections.ts';
import { ReplyCheck } from './reply-check.ts';

/**
 * With `node:http`, which opens a connection with two thirds of the CPU time that undici needs. Opening it is part of the
 * request, and its time counts.
 */
export function perRequestConnections(url: URL, most: number, clients: Clients, sample: ComparisonSample): Connections {
  const underWay = new Set<ClientRequest>();
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const hop = { host: url.host, connection: 'close' } as const;
  return {
    open: async (count) => clients.admit(count),
    hasFree: () => underWay.size < most,
    isFull: () => underWay.size >= most,
    onFree: () => {},
    busy: () => underWay.size,
    close: () => {
      for (const sent of underWay) sent.destroy();
    },
    send(prepared, sender) {
      const client = clients.take();
      const { localAddress } = client;
      const one = prepared.nth(prepared.next(), client.visits());
      const check = new ReplyCheck(sample);
      check.expect(prepared);
      let isOver = false;
      const over = (act: () => void): void => {
        if (isOver) return;
        isOver = true;
        underWay.delete(sent);
        clients.giveBack(client);
        act();
      };
      const sent: ClientRequest = request({
        ...UNVERIFIED,
        host: url.hostname,
        port: url.port,
        method: one.method,
        path: one.path,
        agent: false,
        ...(localAddress !== undefined && { localAddress }),
        headers: allFields(one, hop),
      });
      underWay.add(sent);
      const fail = (error: Error): void => over(() => sender.settled(brokenBy(error)));
      sent.on('error', fail);
      sent.on('response', (response) => {
        check.head(response.statusCode ?? 0);
        response.on('data', (chunk: Buffer) => check.data(chunk));
        response.on('error', fail);
        response.on('end', () => over(() => sender.settled(check.outcome())));
      });
      sent.end(one.body);
      return { abandon: () => over(() => void sent.destroy()) };
    },
  };
}
