/** Whatever happens in the process of a command, it ends with one of the documented exit codes. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mistake } from './fixtures/command.ts';
import { runCli } from './fixtures/cli-process.ts';

const ENDING = new URL('../dist/harness/ending.js', import.meta.url).href;

/** Runs code in a process that watches its end. Returns the exit code and what it says. */
function ended(code: string, ...options: readonly string[]): { readonly code: number | null; readonly err: string } {
  const program = `import { blame, checkProcess, endAs, watchEnding } from '${ENDING}'; watchEnding(); ${code}`;
  const { status, stderr } = spawnSync(process.execPath, [...options, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  return { code: status, err: stderr };
}

const system = (code: string, more = ''): string =>
  `Object.assign(new Error('${code}: it went wrong, write'), { code: '${code}', syscall: 'write'${more} })`;

test.each<[string, string, number, RegExp]>([
  ['a result', 'endAs(1)', 1, /^$/],
  ['an error that nobody caught', "setTimeout(() => { throw new TypeError('late'); })", 70, /^TypeError: late\n +at /],
  ['a rejection that nobody caught', "Promise.reject(new Error('late'))", 70, /^Error: late\n +at /],
  ['something thrown that is no error', "setTimeout(() => { throw 'late'; })", 70, /^late\n$/],
  ['an error after the result', "endAs(0); setTimeout(() => { throw new Error('late'); })", 70, /^Error: late/],
  ['an end without a result', 'process.exit(0)', 70, /^Error: the command ended before it had a result/],
  ['a regression that nobody found', 'process.exit(1)', 70, /^Error: the command ended before it had a result/],
  ['nothing left to wait for', '', 70, /^Error: the command ended before it had a result/],
  ['a wait that never ends', 'await new Promise(() => {})', 70, /the command ended before it had a result/],
  ['an interruption', 'process.exit(130)', 130, /^$/],
  ['a signal', "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 9000)", 130, /^$/],
  ['a full disk', `throw ${system('ENOSPC')}`, 2, /^fourways: ENOSPC: it went wrong, write; free some space\n$/],
  [
    'a thread without files',
    `throw ${system('ERR_WORKER_INIT_FAILED').replace('it', 'EMFILE, it')}`,
    2,
    /; raise the limit on open files with ulimit -n\n$/,
  ],
  ['a file of ours that is missing', `throw ${system('ENOENT')}`, 70, /^Error: ENOENT/],
  [
    'code of an agent',
    "blame('an agent'); setTimeout(() => { throw new Error('late'); })",
    2,
    /^fourways: an agent failed: late\n$/,
  ],
  [
    'the end of an agent',
    "blame('an agent'); process.exit(0)",
    2,
    /^fourways: an agent ended the command; give it to the servers alone/,
  ],
])('%s', (_, code, exitCode, err) => {
  const found = ended(code);
  expect(found.err).toMatch(err);
  expect(found.code).toBe(exitCode);
});

test('what a loop over any object meets is refused with its name', () => {
  const pollute = '--import=data:text/javascript,Object.prototype.odd=1';
  const found = ended('try { checkProcess(); } catch (error) { process.stdout.write("x"); throw error; }', pollute);
  expect(found).toMatchObject({ code: 2 });
  expect(found.err).toMatch(/^fourways: Object\.prototype has a property 'odd' [^\n]+\n$/);
});

test.runIf(existsSync('/bin/bash') && process.platform === 'linux').each([
  [
    'a working folder that was deleted',
    'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$@"',
    /^the working folder is not there any more/,
  ],
  ['few open files', 'ulimit -n 100 && exec "$@"', /^a process may open only 100 files here, .*ulimit -n 4096$/],
])('%s', async (_, script, line) => {
  expect(mistake(await runCli(['list'], { script }))).toMatch(line);
});
