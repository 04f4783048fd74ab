const products = Array.from({ length: 5000 }, (_, i) => ({
  id: i + 1,
  name: `Product ${i + 1}`,
  price: (i * 7919) % 1000,
}));

/** The last visit of each client that has logged in at this process. */
const known = new Map();

/**
 * What the shop answers, whatever serves it: the twenty cheapest products, sorted anew for every request, a greeting, and whether the
 * session of a client is where its last request has left it.
 */
export function answer(path, cookie) {
  if (path === '/') return [200, { shop: 'open' }];
  if (path === '/session') return [200, { session: visited(cookie ?? '') ? 'kept' : 'lost' }];
  if (path !== '/products') return [404, { error: 'not found' }];
  return [200, products.toSorted((a, b) => a.price - b.price || a.id - b.id).slice(0, 20)];
}

/** Reads the session of a client, and writes it: its cookie is `client=7; visit=3`. */
function visited(cookie) {
  const [client, visit] = cookie.match(/\d+/g)?.map(Number) ?? [0, 0];
  const last = known.get(client) ?? 0;
  known.set(client, visit);
  return last === visit - 1;
}
