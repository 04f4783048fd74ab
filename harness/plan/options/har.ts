/** A HAR file (HTTP Archive 1.2), as browsers and proxies write it, as the requests of one host with their mix. */
import { z } from 'zod';
import { issueOf, messageOf, UserError } from '../../errors.ts';
import { methodSchema } from '../../store/load-schema.ts';
import type { AskedRequest } from '../../store/schema.ts';
import { hasPlaces } from '../places.ts';
import { valuesOf, withLines } from '../sendable.ts';

const pairsSchema = z.array(z.object({ name: z.string(), value: z.string() }));

const harSchema = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        request: z.object({
          method: z.string(),
          url: z.string(),
          headers: pairsSchema.default([]),
          postData: z
            .object({
              text: z.string().optional(),
              params: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
            })
            .nullish(),
        }),
        response: z.object({ status: z.number() }).nullish(),
        /** Of Chromium: it did not ask a server. */
        _fromCache: z.string().nullish(),
      }),
    ),
  }),
});

type Entry = z.infer<typeof harSchema>['log']['entries'][number];

/** Of one connection (RFC 9110, section 7.6.1), or set by the load generator. */
const NOT_SENT = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['host', 'content-length', 'expect', 'http2-settings', 'priority'],
]);
/** They are of one person and one session, would be in the run file, and have most likely expired. */
const SECRETS = new Set(['cookie', 'authorization', 'proxy-authorization']);

/** The requests of one host, and what is left out, in one line. */
export interface Recorded {
  readonly requests: readonly AskedRequest[];
  readonly note: string;
}

/** The requests of the host that has most. `headers` are added to each, in place of its own. Throws UserError. */
export function parseHar(file: string, text: string, headers: AskedRequest['headers']): Recorded {
  const all = entriesOf(file, text);
  const usable = all.filter(isUsable);
  const hosts = new Map<string, Entry[]>();
  for (const entry of usable) {
    const { host } = new URL(entry.request.url);
    hosts.set(host, [...(hosts.get(host) ?? []), entry]);
  }
  const [most] = [...hosts].toSorted(([, a], [, b]) => b.length - a.length);
  if (most === undefined) {
    throw new UserError(
      `--har ${file}: none of its ${all.length} requests can be sent; open your service with the network panel of a browser, and save all as HAR`,
    );
  }
  const [host, entries] = most;
  const requests = withMix(entries, headers);
  const others = usable.length - entries.length;
  const unusable = all.length - usable.length;
  const secrets = secretsOf(entries, headers);
  const left = [
    ...(others === 0 ? [] : [`${others} to other hosts`]),
    ...(unusable === 0 ? [] : [`${unusable} that cannot be sent, had no reply or came from a cache`]),
    ...(secrets.length === 0 ? [] : [`the ${secrets.join(' and the ')} header (give it with -H)`]),
  ];
  const without = left.length === 0 ? '' : `; left out: ${left.join(', ')}`;
  const different = requests.length === entries.length ? '' : `, ${requests.length} of them different`;
  return { requests, note: `--har ${file}: ${entries.length} requests to ${host}${different}${without}` };
}

/** Those that were recorded, and are not given anew. */
function secretsOf(entries: readonly Entry[], headers: AskedRequest['headers']): readonly string[] {
  const named = new Set(entries.flatMap(({ request }) => request.headers.map(({ name }) => name.toLowerCase())));
  for (const name of Object.keys(headers)) named.delete(name.toLowerCase());
  return [...SECRETS].filter((name) => named.has(name));
}

function entriesOf(file: string, text: string): readonly Entry[] {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\u{feff}/u, ''));
  } catch (error) {
    throw new UserError(`--har ${file}: this is not JSON (${messageOf(error)}); save the requests as HAR again`);
  }
  const har = harSchema.safeParse(json);
  if (har.success) return har.data.log.entries;
  throw new UserError(`--har ${file}: this is not a HAR file: ${issueOf(har.error)}`);
}

function isUsable({ request, response, _fromCache }: Entry): boolean {
  const { protocol } = URL.canParse(request.url) ? new URL(request.url) : { protocol: '' };
  const wasSent = (_fromCache ?? '') === '' && response?.status !== 0 && response?.status !== 101;
  return wasSent && /^https?:$/u.test(protocol) && methodSchema.safeParse(request.method.toUpperCase()).success;
}

/** Equal requests become one, with their number as its weight. */
function withMix(entries: readonly Entry[], headers: AskedRequest['headers']): readonly AskedRequest[] {
  const found = new Map<string, AskedRequest>();
  const names = new Map<string, number>();
  // What was recorded is sent as it is, whatever stands in it.
  const varies = Object.values(headers).flatMap(valuesOf).some(hasPlaces);
  for (const { request } of entries) {
    const { pathname, search } = new URL(request.url);
    const method = methodSchema.parse(request.method.toUpperCase());
    const sent = { method, path: `${pathname}${search}`, headers: headersOf(request, headers), body: bodyOf(request) };
    const key = JSON.stringify(sent);
    const same = found.get(key);
    if (same !== undefined) {
      found.set(key, { ...same, weight: same.weight + 1 });
      continue;
    }
    const plain = `${method} ${sent.path}`;
    const nth = (names.get(plain) ?? 0) + 1;
    names.set(plain, nth);
    const name = nth === 1 ? plain : `${plain} (${nth})`;
    found.set(key, { name, weight: 1, ...sent, bodies: null, varies });
  }
  return [...found.values()];
}

function headersOf({ headers: own }: Entry['request'], added: AskedRequest['headers']): AskedRequest['headers'] {
  const replaced = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  const kept = own.filter(({ name, value }) => {
    const lower = name.toLowerCase();
    if (!/^[\t\x20-\x7e\x80-\xff]*$/u.test(value)) return false;
    return !lower.startsWith(':') && !NOT_SENT.has(lower) && !SECRETS.has(lower) && !replaced.has(lower);
  });
  return { ...withLines(kept.map(({ name, value }) => [name, value])), ...added };
}

function bodyOf({ postData }: Entry['request']): string {
  if (postData === null || postData === undefined) return '';
  const { text, params = [] } = postData;
  return text ?? new URLSearchParams(params.map(({ name, value = '' }): [string, string] => [name, value])).toString();
}
