/**
 * `NODE_OPTIONS` is meant for the servers that are measured. Node.js has followed it in this process before anything of ours could run: an
 * agent that it loads would print into our results, and hold the process. So fourways starts again without it, and servers get it as it was.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { blame, endAs, lastWords } from './ending.ts';
import { EXIT, systemFault, UserError } from './errors.ts';

const KEPT = 'FOURWAYS_NODE_OPTIONS';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH'] as const;
const AGENT = 'what NODE_OPTIONS loads';
const PROBE_LIMIT_MS = 20_000;

/** Whether this process has to be started again. In one that was, the environment has the options again, which bear on nothing here any more. */
export function hasNodeOptions(): boolean {
  const { [KEPT]: kept, NODE_OPTIONS = '' } = process.env;
  if (kept === undefined || process.send === undefined) return NODE_OPTIONS.trim() !== '';
  process.env['NODE_OPTIONS'] = kept;
  delete process.env[KEPT];
  // Whoever started this one is gone, and with it whoever waits for results. It can say nothing any more.
  process.once('disconnect', () => {
    lastWords(new UserError(`the process that started this one was ended, by ${AGENT} or by a signal`));
    process.exit(EXIT.interrupted);
  });
  process.channel?.unref();
  return false;
}

/** Starts this process again, passes signals on, and ends as that one does. */
export function startAgain(): void {
  const { NODE_OPTIONS = '', ...env } = process.env;
  blame(AGENT);
  refuseOutput();
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...env, [KEPT]: NODE_OPTIONS },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true, // Signals of a terminal come to this process alone, and so once.
  });
  for (const name of SIGNALS) process.on(name, () => child.kill(name));
  // What was loaded here may go on printing.
  for (const fd of [1, 2]) {
    closeSync(fd);
    openSync(devNull, 'w');
  }
  child.once('error', (error) => process.exit(lastWords(systemFault(error) ?? error)));
  child.once('exit', (code, signal) => {
    for (const name of SIGNALS) process.removeAllListeners(name);
    if (signal !== null) process.kill(process.pid, signal);
    endAs(code ?? EXIT.bug);
    process.exit();
  });
}

/** Programs cannot read a result with something else before it, and that has been written by now: then this process ends. */
function refuseOutput(): void {
  const at = process.argv.findIndex((word) => /^--format(?:=|$)/.test(word));
  const format = process.argv[at]?.split('=')[1] ?? process.argv[at + 1] ?? 'text';
  if (at < 0 || format === 'text' || format === 'markdown') return;
  // An agent may hold it, and may have something to say when it ends.
  const { stdout } = spawnSync(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PROBE_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const [line = ''] = (stdout ?? '').trim().split('\n');
  if (line === '') return;
  process.stderr.write(
    `fourways: NODE_OPTIONS: what it loads prints '${line.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)}' where --format ${format} goes; give it to the servers alone, with --env NODE_OPTIONS=…\n`,
  );
  process.exit(EXIT.usage);
}
