/** The text of `--expect`: what replies must be. */
import { UserError } from '../../errors.ts';
import type { ReplyExpectation } from '../../store/schema.ts';
import { didYouMean } from './values.ts';

const EXPECTATION =
  /^(?:(?<name>.+?):\s+)??(?:status\s*=\s*(?<status>\d{3})|body\s*~\s*(?<text>.+)|lost\s*=\s*(?<lost>.+))$/su;

/** `names` are those of the requests. Throws UserError. */
export function parseExpectations(texts: readonly string[], names: readonly string[]): readonly ReplyExpectation[] {
  const all = texts.map((text) => parseExpectation(text, names));
  for (const name of names) {
    const statuses = new Set(statusesOf(all, name));
    if (statuses.size < 2) continue;
    throw new UserError(`--expect: '${name}' is to have status ${[...statuses].join(' and ')}; give one of them`);
  }
  return all;
}

/** The statuses that are asked for of one request: those of its own, else those of every request. */
export function statusesOf(all: readonly ReplyExpectation[], name: string): readonly number[] {
  const of = (request: string | null): readonly number[] =>
    all.flatMap((one) => (one.kind === 'status' && one.request === request ? [one.status] : []));
  const own = of(name);
  return own.length > 0 ? own : of(null);
}

/** The body that says that a client of this request is not known any more: that of its own, else that of every request. */
export function lostOf(all: readonly ReplyExpectation[], name: string): string | undefined {
  const of = (request: string | null): string | undefined =>
    all.flatMap((one) => (one.kind === 'lost' && one.request === request ? [one.text] : []))[0];
  return of(name) ?? of(null);
}

function parseExpectation(given: string, names: readonly string[]): ReplyExpectation {
  const { name, status, text, lost } = EXPECTATION.exec(given.trim())?.groups ?? {};
  if (status === undefined && text === undefined && lost === undefined) {
    throw new UserError(
      `--expect ${given}: give it as 'status=201', 'body~"total"' or 'lost=please log in', for one request as 'list: status=200'`,
    );
  }
  if (name !== undefined && !names.includes(name)) {
    throw new UserError(`--expect ${given}: there is no request '${name}'.${didYouMean(name, names)}`);
  }
  const request = name ?? null;
  if (lost !== undefined) return { kind: 'lost', request, text: unquoted(lost) };
  if (status === undefined) return { kind: 'body', request, text: unquoted(text ?? '') };
  const code = Number(status);
  if (code < 200 || code > 599) throw new UserError(`--expect ${given}: give a status from 200 to 599`);
  return { kind: 'status', request, status: code };
}

function unquoted(text: string): string {
  const [, inner] = /^"(.+)"$/su.exec(text) ?? /^'(.+)'$/su.exec(text) ?? [];
  return inner ?? text;
}
