/** nginx in front of two processes of server.js, in turn or chosen by what is given, such as ip_hash. All of it stays in the foreground: when one ends, or this is told to, all end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const { PORT = '3000' } = process.env;
const [choice] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
// For the workers of nginx, which are another user when this one is root.
chmodSync(folder, 0o711);
const [first, second] = await freePorts(2);
const filled = { PORT, FIRST: first, SECOND: second };
const config = readFileSync(new URL('nginx.conf', import.meta.url), 'utf8');
writeFileSync(
  join(folder, 'nginx.conf'),
  config
    .replace('#CHOICE', choice === undefined ? '' : `${choice};`)
    .replaceAll(/127\.0\.0\.1:(PORT|FIRST|SECOND)/g, (_, name) => `127.0.0.1:${filled[name]}`),
);

const children = [];
const gone = [];
const told = ['SIGTERM', 'SIGINT'].map((signal) => once(process, signal).then(() => 0));
const ended = Promise.race([...told, start(['node', 'server.js'], first), start(['node', 'server.js'], second)]);
// nginx takes a service that does not answer yet for a broken one, and asks it again after 10 s.
await Promise.race([ended, Promise.all([first, second].map(answers))]);
const code = await Promise.race([
  ended,
  start(['nginx', '-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'], PORT),
]);
for (const child of children) child.kill();
await Promise.all(gone);
rmSync(folder, { recursive: true });
process.exit(code ?? 1);

/** Resolves with its exit code when it has ended. */
function start([program, ...args], port) {
  const child = spawn(program, args, { env: { ...process.env, PORT: String(port) }, stdio: 'inherit' });
  child.once('error', ({ message }) => console.error(message));
  children.push(child);
  const end = once(child, 'close').then(([code]) => code);
  gone.push(end);
  return end;
}

async function answers(port) {
  while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => null))) await setTimeout(20);
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
