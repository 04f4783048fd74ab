import { pbkdf2Sync } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import Fastify from 'fastify';

const products = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, name: `Product ${i + 1}`, price: 100 + 5 * i }));

const order = {
  type: 'object',
  required: ['product'],
  properties: { product: { type: 'integer' }, quantity: { type: 'integer', default: 1 } },
};

/** A shop that does not listen: server.js has it listen, and tests ask it with `inject`. */
export default function shop(options = {}) {
  const app = Fastify(options);

  app.get('/products', async () => products);

  app.post('/orders', { schema: { body: order } }, async (request, reply) => {
    const { product: wanted, quantity } = request.body;
    const product = products.find(({ id }) => id === wanted);
    if (product === undefined) return reply.code(400).send({ error: 'there is no such product' });
    return reply.code(201).send({ product: product.id, quantity, total: product.price * quantity });
  });

  // About 20 ms of CPU time.
  app.get('/hash', async () => ({ hash: pbkdf2Sync('a password', 'a salt', 20_000, 32, 'sha256').toString('hex') }));

  // What stands for 20 ms of waiting, for a database or another service.
  app.get('/slow', async () => {
    await setTimeout(20);
    return { waited: true };
  });

  return app;
}
