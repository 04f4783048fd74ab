import { expect, test } from 'vitest';
import { ProcessTree } from './tree.ts';

/** A system with these processes: parent and start by pid. */
class System {
  readonly processes = new Map<number, { readonly parent: number; readonly start: number }>();
  readonly list = (): readonly string[] => ['self', ...[...this.processes.keys()].map(String)];
  readonly read = (path: string): string | null => {
    const pid = Number(/^\/proc\/(\d+)\/stat$/.exec(path)?.[1]);
    const one = this.processes.get(pid);
    return one === undefined ? null : `${pid} (a) b) S ${one.parent} ${Array(17).fill(0).join(' ')} ${one.start} 0`;
  };

  set(pid: number, parent: number, start: number): this {
    this.processes.set(pid, { parent, start });
    return this;
  }
}

test('descendants belong to it, also when their parents have ended', () => {
  const system = new System().set(1, 0, 1).set(10, 1, 50).set(11, 10, 51).set(12, 11, 52).set(20, 1, 53);
  const tree = new ProcessTree([10], null, system.read, system.list);
  expect(tree.pids()).toEqual([10, 11, 12]);
  system.processes.delete(11);
  system.set(12, 1, 52).set(13, 12, 60);
  expect(tree.pids()).toEqual([10, 12, 13]);
});

test('a stranger that has the pid of an ended one does not, and neither does what it starts', () => {
  const system = new System().set(10, 1, 50).set(11, 10, 51);
  const tree = new ProcessTree([10], null, system.read, system.list);
  tree.pids();
  system.set(10, 1, 900).set(11, 1, 901).set(12, 10, 902);
  expect(tree.pids()).toEqual([]);
});

test('what was there before the command is not taken for what it left behind', () => {
  const system = new System().set(5, 1, 10).set(10, 1, 50).set(30, 1, 70);
  const tree = new ProcessTree([10], null, system.read, system.list);
  expect([5, 30, 99].map((pid) => tree.isLater(pid))).toEqual([false, true, false]);
});
