/** Programs that are not written in JavaScript, as services of a scenario. */
import { type ChildProcess, type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

/** A program could not be started, or ended too soon; the message has the last of what it printed. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

/** Runs a program until it prints what matches `until`, or ends with code 0 where nothing is waited for. */
export function startProgram(
  path: string,
  args: readonly string[],
  { input = '', until, ...options }: SpawnOptionsWithoutStdio & { readonly input?: string; readonly until?: RegExp },
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [...args], options);
    let printed = '';
    const listen = (text: string): void => {
      printed = (printed + text).slice(-4096);
      if (until?.test(printed) === true) resolve(child);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.stdin.on('error', () => {}).end(input);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 && until === undefined) resolve(child);
      const last = printed.trim().split('\n').slice(-2).join(' ').trim();
      reject(new ProgramError(last === '' ? `${path} ended with exit code ${code}` : last));
    });
  });
}

/** Tells the harness that the service of `start` listens, or why it does not; the process ends when the program does. */
export async function serve(
  start: () => Promise<{ readonly child: ChildProcess; readonly port: number; readonly url: string }>,
) {
  try {
    const { child, port, url } = await start();
    child.once('exit', (code, signal) => {
      process.stderr.write(`Error: the program behind it ended (${signal ?? `exit code ${code}`})\n`);
      process.exit(1);
    });
    process.send?.({ type: 'ready', port, url });
  } catch (error) {
    process.send?.({ type: 'failed', message: error instanceof Error ? error.message : String(error) }, () =>
      process.exit(1),
    );
  }
}
