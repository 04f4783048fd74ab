import { pbkdf2Sync } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

const products = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, name: `Product ${i + 1}`, price: 100 + 5 * i }));

const routes = {
  'GET /products': () => [200, products],

  'POST /orders': async (request) => {
    const { product: wanted, quantity = 1 } = await json(request);
    const product = products.find(({ id }) => id === wanted);
    if (product === undefined) return [400, { error: 'there is no such product' }];
    return [201, { product: product.id, quantity, total: product.price * quantity }];
  },

  // About 20 ms of CPU time.
  'GET /hash': () => [200, { hash: pbkdf2Sync('a password', 'a salt', 20_000, 32, 'sha256').toString('hex') }],

  // What stands for 20 ms of waiting, for a database or another service.
  'GET /slow': async () => {
    await setTimeout(20);
    return [200, { waited: true }];
  },
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url.split('?')[0]}`];
  try {
    const [status, body] = route === undefined ? [404, { error: 'not found' }] : await route(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (error) {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: error.message }));
  }
});

server.listen(process.env.PORT ?? 3000);
