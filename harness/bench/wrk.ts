/** wrk as a witness: another generator, in C, against the very same servers. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestClass } from '../../scenarios/scenario.ts';

/** Whether it is installed. */
export async function hasWrk(): Promise<boolean> {
  return (await outputOf(['--version'])).includes('wrk');
}

/**
 * Loads the server with wrk for a time, and runs `during` meanwhile. wrk has one thread: it is enough for every server
 * here, and two would take more CPU time from a server on the same CPUs. Throws when replies are wrong.
 */
export async function loadedByWrk<T>(
  url: string,
  request: RequestClass,
  load: { readonly connections: number; readonly seconds: number },
  during: () => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'fourways-wrk-'));
  try {
    const script = join(folder, 'request.lua');
    const body = join(folder, 'body');
    writeFileSync(body, request.body ?? '');
    const headers = Object.entries(request.headers ?? {}).map(
      ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(String(value))}`,
    );
    writeFileSync(
      script,
      [
        `wrk.method = "${request.method}"`,
        // An empty body would still be announced, and reading it takes the server another way.
        ...(request.body === undefined ? [] : [`wrk.body = io.open(${JSON.stringify(body)}, "rb"):read("*a")`]),
        ...headers,
      ].join('\n'),
    );
    const { connections, seconds } = load;
    const flags = ['-t', 1, '-c', connections, '-d', `${seconds}s`, '-s', script].map(String);
    const running = outputOf([...flags, '--timeout', '30s', new URL(request.path, url).href]);
    const result = await during();
    const output = await running;
    if (!/^Requests\/sec:/m.test(output) || /Non-2xx|Socket errors/.test(output))
      throw new Error(`wrk failed: ${output}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outputOf(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    child.stderr.on('data', (data) => {
      text += data;
    });
    child.once('error', () => resolve(''));
    child.once('close', () => resolve(text));
  });
}
