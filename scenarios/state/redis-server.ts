/** The server of `redis`: one that is installed on this machine, without persistence, with a password that only this run knows. */
import { randomBytes } from 'node:crypto';
import { freePort, ProgramError, serve, startProgram } from './program.ts';

const PROGRAMS = ['redis-server', 'valkey-server'];

process.on('disconnect', () => process.exit());

await serve(async () => {
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  // On its standard input, because arguments can be read by every user of the machine.
  const input = `port ${port}\nbind 127.0.0.1\nrequirepass ${password}\nsave ""\nappendonly no\ndaemonize no\n`;
  for (const program of PROGRAMS) {
    try {
      const child = await startProgram(program, ['-'], { input, until: /Ready to accept connections/ });
      process.on('exit', () => child.kill('SIGKILL'));
      return { child, port, url: `redis://:${password}@127.0.0.1:${port}` };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new ProgramError(
    'neither redis-server nor valkey-server is installed; install one of them, as in apt-get install redis-server, or give a server that runs with --redis',
  );
});
