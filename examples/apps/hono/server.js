import { pbkdf2Sync } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const products = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, name: `Product ${i + 1}`, price: 100 + 5 * i }));

const app = new Hono();

app.get('/products', (context) => context.json(products));

app.post('/orders', async (context) => {
  const { product: wanted, quantity = 1 } = await context.req.json();
  const product = products.find(({ id }) => id === wanted);
  if (product === undefined) return context.json({ error: 'there is no such product' }, 400);
  return context.json({ product: product.id, quantity, total: product.price * quantity }, 201);
});

// About 20 ms of CPU time.
app.get('/hash', (context) =>
  context.json({ hash: pbkdf2Sync('a password', 'a salt', 20_000, 32, 'sha256').toString('hex') }),
);

// What stands for 20 ms of waiting, for a database or another service.
app.get('/slow', async (context) => {
  await setTimeout(20);
  return context.json({ waited: true });
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
