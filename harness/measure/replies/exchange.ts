/** One request and its whole reply: for checking replies, never for measuring. */
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as SecureAgent, request as httpsRequest } from 'node:https';
import type { ReceivedReply } from '../../../scenarios/scenario.ts';
import { FailedTrial } from '../failed-trial.ts';
import { allFields, type Sent } from '../requests/on-wire.ts';

export interface Exchange {
  readonly reply: ReceivedReply;
  /** Bytes of the whole reply on the wire. */
  readonly wireBytes: number;
  /** Header lines as received, without the date. */
  readonly headerLines: readonly string[];
}

const LIMIT_MS = 30_000;
/** Of a server on this machine the certificate is not verified. */
export const UNVERIFIED = { rejectUnauthorized: false } as const;
/** Every process of a run that touches a reply holds it in memory, some of them several times. */
const MOST_BYTES = 64 * 1024 * 1024;

/** No model can be measured with it. */
export class ReplyTooLarge extends FailedTrial {
  constructor() {
    const message = `a reply of more than ${MOST_BYTES / 2 ** 20} MiB; measure a request with a smaller one`;
    super('wrong-reply', message);
  }
}

/**
 * Sends the request on a connection of its own. It asks for keep-alive, as the generator does, so that the reply is the same
 * byte for byte.
 */
export function exchange(url: string, sent: Sent, signal: AbortSignal, limitMs: number = LIMIT_MS): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    // Not through `new URL(path, url)`, which takes a path that begins with two slashes for a host.
    const { protocol, hostname, host, port } = new URL(url);
    const { method, path, body } = sent;
    const isSecure = protocol === 'https:';
    const kept = { keepAlive: true, maxSockets: 1 };
    const agent = isSecure ? new SecureAgent({ ...kept, ...UNVERIFIED }) : new Agent(kept);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      agent.destroy();
      reject(signal.aborted ? signal.reason : error);
    };
    // One of its own: Node.js warns of more than ten listeners to one signal.
    const request = (isSecure ? httpsRequest : httpRequest)({
      agent,
      host: hostname,
      port,
      method,
      path,
      headers: allFields(sent, { host, connection: 'keep-alive' }),
      signal: AbortSignal.any([signal]),
    });
    const timer = setTimeout(() => {
      const message = `no reply to one request within ${limitMs / 1000} s; if it may take longer, give a longer --timeout`;
      request.destroy(new FailedTrial('timeout', message));
    }, limitMs);
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      const { socket } = response;
      response.on('error', fail);
      let received = 0;
      response.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > MOST_BYTES) request.destroy(new ReplyTooLarge());
        else chunks.push(chunk);
      });
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const wireBytes = socket.bytesRead;
        clearTimeout(timer);
        agent.destroy();
        resolve({
          reply: {
            status: response.statusCode ?? 0,
            headers: byName(pairs(response.rawHeaders)),
            bytes,
            text: bytes.toString('utf8'),
          },
          wireBytes,
          headerLines: [...pairs(response.rawHeaders), ...impliedBy(response)]
            .filter(([name]) => name.toLowerCase() !== 'date')
            .map(([name, value]) => `${name}: ${value}`),
        });
      });
    });
    request.end(body);
  });
}

/** What HTTP/1.0 means where it says nothing of the connection (RFC 9112, 9.3). */
function impliedBy({ httpVersion, headers }: IncomingMessage): [string, string][] {
  return httpVersion === '1.0' && headers.connection === undefined ? [['connection', 'close']] : [];
}

/** Several of one name are one, with commas between them (RFC 9110, section 5.3), as `fetch` has them. */
function byName(lines: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const [name, value] of lines) {
    const [lower, before] = [name.toLowerCase(), headers.get(name.toLowerCase())];
    headers.set(lower, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) result.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return result;
}
