/** Which replies of a service may be measured: those that were asked for with `--expect`, else any that is no error. */
import type { ReceivedReply, RequestClass } from '../../../scenarios/scenario.ts';
import { messageOf } from '../../errors.ts';
import { statusesOf } from '../../plan/options/expect.ts';
import { valuesOf } from '../../plan/sendable.ts';
import type { ReplyExpectation, Failure } from '../../store/schema.ts';

const SHOWN = { ofError: 300, ofBody: 100 } as const;

/** What is wrong with a reply to the request of this name; null when it may be measured. */
export function refusal(expect: readonly ReplyExpectation[], name: string, reply: ReceivedReply): Failure | null {
  const { status, text } = reply;
  const [wanted] = statusesOf(expect, name);
  if (wanted !== undefined && status !== wanted) {
    return { kind: 'status', message: `status ${status} instead of ${wanted}${withBody(text)}` };
  }
  if (wanted === undefined && status >= 500) return statusFailure(reply);
  if (wanted === undefined && status >= 400) {
    // A mistake in a path would be measured as a fast service.
    const wayOut = `if that is the reply you want, --expect '${name}: status=${status}'`;
    return { kind: 'status', message: `status ${status}${withBody(text)}; ${remedyFor(status)}, or, ${wayOut}` };
  }
  const missing = expect.find(
    (one) => one.kind === 'body' && (one.request ?? name) === name && !text.includes(one.text),
  );
  if (missing?.kind !== 'body') return null;
  return { kind: 'wrong-reply', message: `'${missing.text}' is not in the body: ${shown(text, SHOWN.ofBody)}` };
}

/** A reply with a status that says that it is an error. */
export function statusFailure({ status, text }: ReceivedReply): Failure {
  return { kind: 'status', message: `status ${status}${withBody(text)}` };
}

/** A reply to a request of a scenario, which has said what its status is to be, or has not (null). */
export function scenarioStatus(reply: ReceivedReply, wanted: number | null): Failure {
  const { status, text } = reply;
  if (status >= 500) return statusFailure(reply);
  if (wanted !== null) return { kind: 'status', message: `status ${status} instead of ${wanted}${withBody(text)}` };
  const wayOut = `if that is the reply you want, give its class in requests() 'status: ${status}'`;
  return { kind: 'status', message: `status ${status}${withBody(text)}; ${wayOut}` };
}

/** A server takes no request line and headers as long as these: 16 KiB are usual, and what Node.js takes unless it is told. */
export function headTooLong({ path, headers = {} }: RequestClass): Failure {
  const sizes = Object.entries(headers).map(
    ([name, given]) => [`header '${name}'`, valuesOf(given).join('').length] as const,
  );
  const [longest, bytes] = [['path', path.length] as const, ...sizes].reduce((a, b) => (b[1] > a[1] ? b : a));
  const wayOut = "shorten it, or raise the server's limit, as with --node-arg=--max-http-header-size=65536";
  return {
    kind: 'status',
    message: `status 431: its ${longest} has ${bytes} bytes, too many for the server; ${wayOut}`,
  };
}

/** What a client most probably did wrong. */
function remedyFor(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return "send what it asks for, as in --header 'authorization: Bearer …'";
    case 400:
    case 415:
    case 422:
      return "check the body and its type, as in --header 'content-type: application/json'";
    case 404:
    case 405:
      return 'check the method and the path of the request';
    case 429:
      return 'turn its rate limit off for the measurement';
    default:
      return 'check the request';
  }
}

function withBody(text: string): string {
  return text.trim() === '' ? '' : `: ${shown(text, SHOWN.ofError)}`;
}

/** The beginning of a text, on one line. */
export function shown(text: string, length: number = SHOWN.ofBody): string {
  return messageOf(text.slice(0, length));
}
