/**
 * Ends what the harness started when the harness can no longer do so itself.
 *
 * It reads lines from its standard input: `+ pid` and `- pid` for process groups, `folder path` for folders to delete.
 * When the input ends the harness is gone, also after `kill -9`, and whatever is still listed goes. Every child also
 * leaves by itself when its channel closes; the reaper is for the one that is stuck in a handler and cannot notice.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { killGroup } from './kill-group.ts';

const groups = new Set<number>();
const folders = new Set<string>();

// An interrupt is for the harness to handle. The end of the input is the only thing that counts here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [verb, rest = ''] = line.split(/ (.*)/s);
    if (verb === '+') groups.add(Number(rest));
    else if (verb === '-') groups.delete(Number(rest));
    else if (verb === 'folder') folders.add(rest);
  })
  .on('close', () => {
    for (const pid of groups) killGroup(pid);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
