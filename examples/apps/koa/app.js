const { pbkdf2Sync } = require('node:crypto');
const { setTimeout } = require('node:timers/promises');
const Koa = require('koa');
const { bodyParser } = require('@koa/bodyparser');
const Router = require('@koa/router');

const products = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, name: `Product ${i + 1}`, price: 100 + 5 * i }));

const router = new Router();

router.get('/products', (context) => {
  context.body = products;
});

router.post('/orders', (context) => {
  const { product: wanted, quantity = 1 } = context.request.body;
  const product = products.find(({ id }) => id === wanted);
  if (product === undefined) context.throw(400, 'there is no such product');
  context.status = 201;
  context.body = { product: product.id, quantity, total: product.price * quantity };
});

// About 20 ms of CPU time.
router.get('/hash', (context) => {
  context.body = { hash: pbkdf2Sync('a password', 'a salt', 20_000, 32, 'sha256').toString('hex') };
});

// What stands for 20 ms of waiting, for a database or another service.
router.get('/slow', async (context) => {
  await setTimeout(20);
  context.body = { waited: true };
});

const app = new Koa();
app.use(bodyParser());
app.use(router.routes());
app.use(router.allowedMethods());

// Tests take the app without a port.
if (require.main === module) app.listen(process.env.PORT ?? 3000);

module.exports = app;
