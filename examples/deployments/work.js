const products = Array.from({ length: 5000 }, (_, i) => ({
  id: i + 1,
  name: `Product ${i + 1}`,
  price: (i * 7919) % 1000,
}));

/** What the shop answers, whatever serves it: the twenty cheapest products, sorted anew for every request, and a greeting. */
export function answer(path) {
  if (path === '/') return [200, { shop: 'open' }];
  if (path !== '/products') return [404, { error: 'not found' }];
  return [200, products.toSorted((a, b) => a.price - b.price || a.id - b.id).slice(0, 20)];
}
