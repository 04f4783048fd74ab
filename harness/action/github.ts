/** Comments of pull requests: https://docs.github.com/en/rest/issues/comments. */
import { z } from 'zod';
import { messageOf } from '../errors.ts';

export interface Thread {
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}

export type Commented =
  | { readonly kind: 'created' | 'updated' }
  /** `isForbidden`: the token may not do it. */
  | { readonly kind: 'refused'; readonly why: string; readonly isForbidden: boolean };

class Refused extends Error {
  readonly status: number;

  constructor(what: string, status: number) {
    super(`${what} was answered with ${status}`);
    this.status = status;
  }
}

/** What a token without the permission gets: of a private repository also that there is none. */
const FORBIDDEN: readonly number[] = [401, 403, 404];

const commentsSchema = z.array(
  z.object({ id: z.int(), body: z.string().nullish(), user: z.object({ type: z.string() }).nullish() }),
);
const PER_PAGE = 100;

/** Writes the one comment that begins with the marker: a new one, or over the one that is there. Never throws. */
export async function putComment(thread: Thread, marker: string, body: string): Promise<Commented> {
  try {
    const known = await findComment(thread, marker);
    const { repository, number } = thread;
    if (known === null) {
      await call(thread, 'POST', `/repos/${repository}/issues/${number}/comments`, { body: `${marker}\n${body}` });
      return { kind: 'created' };
    }
    await call(thread, 'PATCH', `/repos/${repository}/issues/comments/${known}`, { body: `${marker}\n${body}` });
    return { kind: 'updated' };
  } catch (error) {
    return {
      kind: 'refused',
      why: messageOf(error),
      isForbidden: error instanceof Refused && FORBIDDEN.includes(error.status),
    };
  }
}

async function findComment(thread: Thread, marker: string): Promise<number | null> {
  const { repository, number } = thread;
  for (let page = 1; ; page++) {
    const path = `/repos/${repository}/issues/${number}/comments?per_page=${PER_PAGE}&page=${page}`;
    const comments = commentsSchema.parse(await call(thread, 'GET', path));
    // One of a person that begins like ours could say anything afterwards.
    const found = comments.find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(marker));
    if (found !== undefined) return found.id;
    if (comments.length < PER_PAGE) return null;
  }
}

const LIMIT_MS = 30_000;

async function call({ apiUrl, token }: Thread, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'fourways',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!response.ok) throw new Refused(`${method} ${path.replace(/\?.*$/, '')}`, response.status);
  return response.json();
}
