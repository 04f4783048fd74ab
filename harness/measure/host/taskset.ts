/** Binding a process to CPUs, which Node.js cannot do by itself. */
import { spawnSync } from 'node:child_process';

/** Part of util-linux, which every common Linux distribution installs. */
export const TASKSET = 'taskset';
const LIMIT_MS = 5000;

/** Whether processes can be bound to CPUs here: it is tried out, because a sandbox may refuse what is installed. */
export function canBind(cpu: number): boolean {
  const { status } = spawnSync(TASKSET, ['-c', String(cpu), process.execPath, '--version'], {
    stdio: 'ignore',
    timeout: LIMIT_MS,
  });
  return status === 0;
}
