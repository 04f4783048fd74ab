import { pbkdf2Sync } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import express from 'express';

const products = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, name: `Product ${i + 1}`, price: 100 + 5 * i }));

const app = express();
app.use(express.json());

app.get('/products', (_request, response) => {
  response.json(products);
});

app.post('/orders', (request, response) => {
  const product = products.find(({ id }) => id === request.body?.product);
  if (product === undefined) {
    response.status(400).json({ error: 'there is no such product' });
    return;
  }
  const { quantity = 1 } = request.body;
  response.status(201).json({ product: product.id, quantity, total: product.price * quantity });
});

// About 20 ms of CPU time.
app.get('/hash', (_request, response) => {
  response.json({ hash: pbkdf2Sync('a password', 'a salt', 20_000, 32, 'sha256').toString('hex') });
});

// What stands for 20 ms of waiting, for a database or another service.
app.get('/slow', async (_request, response) => {
  await setTimeout(20);
  response.json({ waited: true });
});

const port = process.env.PORT ?? 3000;
app.listen(port, () => {
  console.log(`The shop is open at http://localhost:${port}`);
});
