/** Runs a config file outside the harness: what it prints, opens or ends is its own. Sends what it exports, checked. */
import { setImmediate } from 'node:timers/promises';
import { importDefault } from '../../scenarios/import.ts';
import { keepChannel } from '../../servers/app/process.ts';
import { messageOf, UserError } from '../errors.ts';
import { checkConfig } from './check.ts';
import type { Reading } from './load.ts';

const send = process.send?.bind(process);
process.on('disconnect', () => process.exit());
keepChannel();

const [, , url = '', file = ''] = process.argv;

async function read(): Promise<Reading> {
  const exported = await importDefault<unknown>(url);
  const config: unknown = typeof exported === 'function' ? await exported() : exported;
  // Checked here, where functions can still be seen.
  checkConfig(file, config);
  // An unhandled rejection ends the process in this turn, before the harness has the config.
  await setImmediate();
  return { type: 'read', config };
}

/** What the file throws is theirs to fix. */
function problemOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const message = messageOf(error);
  const hint = /Cannot find package 'fourways'/.test(message)
    ? '; install it here with npm i -D fourways, or export the object itself, without defineConfig'
    : '';
  return `${file}: it fails while loading: ${message}${hint}`;
}

const reading = await read().catch((error: unknown): Reading => ({ type: 'not-read', message: problemOf(error) }));
send?.(reading);
