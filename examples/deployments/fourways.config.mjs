import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** A program that `npm install` has put here, or else one of the system. */
function find(program) {
  const folders = ['node_modules/.bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

const pm2 = find('pm2-runtime');
const nginx = find('nginx');
const bun = find('bun');
const deno = find('deno');

const nodes = [22, 24, 26].map((version) => [`node${version}`, `nodes/node_modules/node${version}/bin/node`]);

/** Watt takes Node.js 22.19 or newer. */
const node24 = resolve('nodes/node_modules/node24/bin/node');
const watt = existsSync('watt/node_modules/wattpm') && existsSync(node24);

/** Of each its program, its line and what installs it. A line stays in the foreground and listens on the port in PORT, or for {port}. */
const deployments = {
  pm2: [pm2, `sh pm2.sh ${pm2}`, 'npm ci'],
  nginx: [nginx, 'node nginx.mjs', 'apt install nginx'],
  // A client stays with its process, by the first three parts of its address.
  'nginx-ip-hash': [nginx, 'node nginx.mjs ip_hash', 'apt install nginx'],
  // Two processes on one port, as with `cluster` and PM2.
  bun: [bun, `${bun} run fetch.js & ${bun} run fetch.js & wait`, 'npm ci'],
  deno: [deno, `DENO_JOBS=2 ${deno} serve --parallel --host 127.0.0.1 --port {port} fetch.js`, 'npm ci'],
  watt: [watt, `exec sh watt/watt.sh ${node24}`, 'npm ci --prefix watt && npm ci --prefix nodes'],
  ...Object.fromEntries(
    nodes.map(([name, file]) => [name, [existsSync(file) && file, `${file} server.js`, 'npm ci --prefix nodes']]),
  ),
};

const commands = {};
for (const [name, [program, line, howTo]] of Object.entries(deployments)) {
  if (!program) console.warn(`${name}: not installed (${howTo})`);
  else commands[name] = line;
}

/** @type {import('fourways').Config} */
export default {
  app: './server.js',
  requests: ['GET /products'],
  models: ['single', 'cluster'],
  // Of cluster; as many as the commands start.
  workers: 2,
  commands,
};
