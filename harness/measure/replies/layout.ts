/**
 * How the replies of one class look on the wire. To the same request a server sends heads that differ only in the date, so one
 * that was parsed shows where the next has its length and where its body begins. Parsing each of them in JavaScript would cost
 * as much as the rest of a request.
 */
export interface ReplyLayout {
  readonly headBytes: number;
  readonly bodyBytes: number;
  /** The first line up to its status, and the line with the length, if there is one, with its place. */
  readonly start: Buffer;
  readonly length: { readonly at: number; readonly line: Buffer } | null;
}

/** `HTTP/1.1 200` */
const START_BYTES = 12;
const CR = 13;
const LF = 10;
/** Whether a reply has no body, whatever its head says (RFC 9112, section 6.3). */
export function hasNoBody(method: string | undefined, status: number): boolean {
  return status === 204 || status === 304 || (method === 'HEAD' && status >= 200);
}

/**
 * Derived from the first piece of a reply that was parsed, and that has this many bytes of head and body. null when later replies
 * of the class could not be recognised by it: in several pieces, chunked, or without a length.
 */
export function layoutOf(method: string, piece: Buffer, headBytes: number, bodyBytes: number): ReplyLayout | null {
  const head = piece.subarray(0, headBytes).toString('latin1');
  const start = /^HTTP\/1\.1 (\d{3})/.exec(head);
  if (head.length !== headBytes || start === null || head.indexOf('\r\n\r\n') !== headBytes - 4) return null;
  const lines = [...head.matchAll(/\ncontent-length:[ \t]*(\d+)\r\n/gi)];
  const [line] = lines;
  const has = { headBytes, bodyBytes, start: Buffer.from(piece.subarray(0, START_BYTES)) };
  const isWithout = hasNoBody(method, Number(start[1]));
  // If it has a length, it says how long the body would be.
  if (isWithout && bodyBytes === 0 && lines.length === 0) return { ...has, length: null };
  if (/\r\ntransfer-encoding:/i.test(head)) return null;
  if (line === undefined || lines.length > 1 || bodyBytes !== (isWithout ? 0 : Number(line[1]))) return null;
  return { ...has, length: { at: line.index, line: Buffer.from(line[0], 'latin1') } };
}

/** Whether a reply that begins with this piece has this layout: the same status, length and size of its head. */
export function fits({ headBytes, start, length }: ReplyLayout, piece: Buffer): boolean {
  if (piece.length < headBytes) return false;
  // `\r\n\r\n`, where the head of this layout ends.
  if (piece[headBytes - 1] !== LF || piece[headBytes - 3] !== LF) return false;
  if (piece[headBytes - 2] !== CR || piece[headBytes - 4] !== CR) return false;
  return holds(piece, 0, start) && (length === null || holds(piece, length.at, length.line));
}

function holds(piece: Buffer, at: number, bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (piece[at + i] !== bytes[i]) return false;
  return true;
}
