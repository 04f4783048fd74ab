import { describe, expect, test } from 'vitest';
import { countCpus, quotaCpus } from './available-cpus.ts';

/** The quota on a machine that has only these files. */
const quotaWith = (files: Readonly<Record<string, string>>): number | null => quotaCpus((path) => files[path] ?? null);

describe('a quota of cgroup version 2', () => {
  const inGroup = (path: string) => ({ '/proc/self/cgroup': `0::${path}\n` });

  test.each<[string, number | null]>([
    ['max 100000\n', null],
    ['150000 100000\n', 1.5],
    ['50000 100000\n', 0.5],
    ['', null],
    ['0 100000\n', null],
  ])('cpu.max of %j', (text, cpus) => {
    expect(quotaWith({ ...inGroup('/app.slice'), '/sys/fs/cgroup/app.slice/cpu.max': text })).toBe(cpus);
  });

  test('a container sees its own group as the root', () => {
    expect(quotaWith({ ...inGroup('/'), '/sys/fs/cgroup/cpu.max': '200000 100000\n' })).toBe(2);
  });

  test('of a parent binds too: the smallest on the way counts', () => {
    const files = {
      ...inGroup('/pod/container/app'),
      '/sys/fs/cgroup/pod/cpu.max': '100000 100000\n',
      '/sys/fs/cgroup/pod/container/cpu.max': '400000 100000\n',
      '/sys/fs/cgroup/pod/container/app/cpu.max': 'max 100000\n',
    };
    expect(quotaWith(files)).toBe(1);
  });

  test('of a sibling does not bind', () => {
    expect(quotaWith({ ...inGroup('/a'), '/sys/fs/cgroup/b/cpu.max': '100000 100000\n' })).toBeNull();
  });

  test('of a group whose name has a colon, as containerd gives', () => {
    const files = {
      ...inGroup('/kubepods-pod1.slice:cri-containerd:abc'),
      '/sys/fs/cgroup/kubepods-pod1.slice:cri-containerd:abc/cpu.max': '100000 100000\n',
    };
    expect(quotaWith(files)).toBe(1);
  });
});

describe('a quota of cgroup version 1', () => {
  const groups = { '/proc/self/cgroup': '5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n' };

  test.each(['/sys/fs/cgroup/cpu/docker/x/', '/sys/fs/cgroup/cpu,cpuacct/docker/x/', '/sys/fs/cgroup/cpu/'])(
    'in %s',
    (folder) => {
      const files = { [`${folder}cpu.cfs_quota_us`]: '250000\n', [`${folder}cpu.cfs_period_us`]: '100000\n' };
      expect(quotaWith({ ...groups, ...files })).toBe(2.5);
    },
  );

  test('of -1 is none', () => {
    const folder = '/sys/fs/cgroup/cpu/docker/x/';
    const files = { [`${folder}cpu.cfs_quota_us`]: '-1\n', [`${folder}cpu.cfs_period_us`]: '100000\n' };
    expect(quotaWith({ ...groups, ...files })).toBeNull();
  });
});

test.each([
  ['without cgroups', {}],
  ['with a damaged list of groups', { '/proc/self/cgroup': 'nonsense\n:::\n' }],
])('%s there is no quota', (_, files) => {
  expect(quotaWith(files)).toBeNull();
});

test.each<[number, number, number | null, ReturnType<typeof countCpus>]>([
  [8, 8, null, { count: 8, capacity: 8, host: 8, decidedBy: 'host' }],
  [8, 2, null, { count: 2, capacity: 2, host: 8, decidedBy: 'affinity' }],
  [8, 8, 2.5, { count: 3, capacity: 2.5, host: 8, decidedBy: 'quota' }],
  [8, 8, 0.5, { count: 1, capacity: 0.5, host: 8, decidedBy: 'quota' }],
  [8, 2, 1.5, { count: 2, capacity: 1.5, host: 8, decidedBy: 'quota' }],
  [8, 2, 4, { count: 2, capacity: 2, host: 8, decidedBy: 'affinity' }],
  [8, 8, 16, { count: 8, capacity: 8, host: 8, decidedBy: 'host' }],
  [8, 8, 8, { count: 8, capacity: 8, host: 8, decidedBy: 'host' }],
])('host %d, affinity %d, quota %j', (host, affinity, quota, expected) => {
  expect(countCpus(host, affinity, quota)).toEqual(expected);
});
