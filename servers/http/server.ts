/** The HTTP server that every model uses, so that models differ in topology only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import type { Pieces } from '../../scenarios/scenario.ts';
import type { Patience } from '../model.ts';
import { listenOptions, type Place } from '../place.ts';
import { TEST_CERTIFICATE } from './certificate.ts';
import { Connections, QUICK, stopListening } from './connections.ts';
import { checked, inOneLine, inPieces, PLAIN_TEXT, printError, type RawHeaders } from './reply.ts';

const NO_BODY = new Uint8Array(0);
const CONTENT_LENGTH = 'content-length';
const WAY_OUT = 'the names of headers are words, and their values one line of Latin characters';
const CLIENT_LEFT = 'ERR_STREAM_PREMATURE_CLOSE';

/** Called with the complete request. */
export type OnRequest = (request: IncomingMessage, body: Uint8Array, response: ServerResponse) => void;

export interface HttpServer {
  /** Listens at a port of loopback, or at another place, and resolves with the port; 0 where it does not listen. */
  listen(place: number | Place): Promise<number>;
  /** Serves a connection that another process has accepted. */
  accept(socket: Socket): void;
  /** Open connections. */
  connections(): number;
  /** Stops listening, answers what is under way and what still comes, and resolves when no connection is left. Without a patience it is quick. */
  close(patience?: Patience): Promise<void>;
}

/**
 * An HTTP server that never closes a connection by itself: a closed connection in a trial is a fault. With `tls` in the context of
 * the server, it speaks HTTPS.
 */
export function httpServer(onRequest: OnRequest, { tls = false }: { readonly tls?: boolean } = {}): HttpServer {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { headers } = request;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
      onRequest(request, NO_BODY, response);
    } else {
      readBody(request, (body) => onRequest(request, body, response));
    }
  };
  // Without Nagle's algorithm, which a plain server of Node.js switches off by itself.
  const server = tls ? createSecureServer({ ...TEST_CERTIFICATE, noDelay: true }, listener) : createServer(listener);
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  const connections = new Connections(server, tls);
  return {
    listen: (place) => listen(server, typeof place === 'number' ? { kind: 'port', port: place } : place),
    accept: (socket) => give(server, socket),
    connections: () => connections.count,
    close: (patience = QUICK) => {
      stopListening(server);
      return connections.end(patience);
    },
  };
}

function listen(server: Server, place: Place): Promise<number> {
  if (place.kind === 'nowhere') return Promise.resolve(0);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listenOptions(place), () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
}

/** Gives a server a connection that it has not accepted itself. */
export function give(server: Server, socket: Socket): void {
  server.emit('connection', socket);
  socket.resume();
}

/** Sends a reply; `onSent` is called when it has left. What Node refuses to send, such as a space in the name of a header, becomes a 500 that says so. */
export function respond(
  response: ServerResponse,
  status: number,
  headers: RawHeaders,
  body: string | Uint8Array | readonly Uint8Array[] | Pieces,
  onSent?: () => void,
): void {
  try {
    const isWithout = inPieces(body) || hasOwnLength(response, status, headers);
    response.writeHead(status, isWithout ? [...headers] : [...headers, ...lengthOf(body)]);
  } catch (error) {
    const line = `the reply cannot be sent: ${inOneLine(error)}; ${WAY_OUT}`;
    response.writeHead(500, [...PLAIN_TEXT, ...lengthOf(line)]).end(line);
    return;
  }
  if (typeof body === 'string' || body instanceof Uint8Array) {
    response.end(body, onSent);
    return;
  }
  if (inPieces(body)) {
    // Where the source fails, the head has left: the connection is closed in the middle of the reply, as it must be.
    pipeline(Readable.from(checked(body), { objectMode: false }), response, (error) => {
      if (error && error.code !== CLIENT_LEFT) printError(error);
      onSent?.();
    });
    return;
  }
  response.cork();
  for (const piece of body) response.write(piece);
  response.end(onSent);
}

/** 204 and 304 have no length (RFC 9110, section 8.6); a reply to HEAD may tell that of the body that it does not have. */
function hasOwnLength({ req }: ServerResponse, status: number, headers: RawHeaders): boolean {
  if (status === 204 || status === 304) return true;
  return req.method === 'HEAD' && headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === CONTENT_LENGTH);
}

function lengthOf(body: string | Uint8Array | readonly Uint8Array[]): readonly [string, string] {
  return [CONTENT_LENGTH, String(bytesOf(body))];
}

function bytesOf(body: string | Uint8Array | readonly Uint8Array[]): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.byteLength : body.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function readBody(request: IncomingMessage, onBody: (body: Uint8Array) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onBody(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
}
