/**
 * Loaded before anything else into every process and thread of a server that is profiled, through `NODE_OPTIONS`. It samples from the
 * start, and hands over what it has when the harness puts a file called `stop` into the folder, or at the end of the process.
 *
 * CommonJS, because with `--import` Node.js would load the program of a user in another way than without. It imports nothing by
 * `require`, which a service may have changed.
 */
import type { Profiler } from 'node:inspector';

/** Twice as often as is usual: the windows are short. */
const SAMPLED_EVERY_US = 500;
const LOOK_EVERY_MS = 50;

const into = process.env['FOURWAYS_PROFILES'];
if (into !== undefined) {
  try {
    profileInto(into);
  } catch {
    // A Node.js that is too old to hand out its modules here: the service runs all the same, and its profile is missing.
  }
}

function profileInto(folder: string): void {
  const { existsSync, renameSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const { join } = process.getBuiltinModule('node:path');
  const { threadId } = process.getBuiltinModule('node:worker_threads');
  const file = (ending: string): string => join(folder, `${process.pid}-${threadId}.${ending}`);
  /** It is there as a whole, or not at all. */
  const write = (ending: string, text: string): void => {
    writeFileSync(file('part'), text);
    renameSync(file('part'), file(ending));
  };
  try {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: SAMPLED_EVERY_US });
    session.post('Profiler.start');
    // Of the clock that all processes of a machine share.
    const startedUs = Number(process.hrtime.bigint() / 1000n);
    write('started', '');
    const end = (): void => {
      clearInterval(looking);
      process.off('exit', end);
      session.post('Profiler.stop', (error, result?: Profiler.StopReturnType) => {
        try {
          if (error === null) write('profile', JSON.stringify({ startedUs, profile: result?.profile }));
          else write('failed', error.message);
        } catch {
          // The folder is gone, or the disk is full, and the end of the service is its own.
        }
      });
      session.disconnect();
    };
    const looking = setInterval(() => {
      if (existsSync(join(folder, 'stop'))) end();
    }, LOOK_EVERY_MS).unref();
    process.on('exit', end);
  } catch (error) {
    // A Node.js that was built without an inspector, or a folder that is gone: the service runs all the same.
    try {
      write('failed', error instanceof Error ? error.message : String(error));
    } catch {}
  }
}
