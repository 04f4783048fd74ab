/**
 * Ends what the harness started when the harness can no longer do so itself, also after `kill -9`.
 *
 * It reads lines from its standard input: `+ pid mark` for a process group and all that has its mark, `- pid` when it is gone, `stopped pid`
 * and `continued pid` for processes that were stopped where they are, `folder path` for folders to delete. When the input ends the harness
 * is gone: what is still listed is killed, every folder deleted. Children also exit by
 * themselves when their channel closes; this is for those that are stuck in a handler and do not notice.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { killGroup, killMarked, markOf, resumeAll } from './tree.ts';

/** The mark by the pid. */
const groups = new Map<number, string>();
const folders = new Set<string>();
const stopped = new Set<number>();

// The harness handles interrupts. Only the end of the input counts here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [verb, rest = ''] = line.split(/ (.*)/s);
    if (verb === '+') {
      const [pid, mark = ''] = rest.split(' ');
      groups.set(Number(pid), mark);
    } else if (verb === '-') groups.delete(Number(rest));
    else if (verb === 'stopped') stopped.add(Number(rest));
    else if (verb === 'continued') stopped.delete(Number(rest));
    else if (verb === 'folder') folders.add(rest);
  })
  .on('close', () => {
    for (const [pid, mark] of groups) {
      killGroup(pid);
      killMarked(markOf(mark));
    }
    // What has left its group, as processes of a database do, ends once it sees that the others are gone.
    resumeAll(stopped);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
