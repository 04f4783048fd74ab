/** Kills a process that leads a group, and all that it started. On Windows there are no groups: only the process. */
export function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has already gone, which is what was wanted.
  }
}
