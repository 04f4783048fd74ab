import { describe, expect, test } from 'vitest';
import {
  ARM_BOARD,
  CONTAINER_IN_VM,
  type Files,
  LAPTOP,
  limits,
  MAC,
  machineWith,
  siblingLists,
  VM,
} from '../fixtures/machines.ts';
import { coreSiblings, type HostFacts, hostFacts, openFilesLimit } from './facts.ts';

const CPUS = '/sys/devices/system/cpu';

const VM_FACTS: HostFacts = {
  physicalCpus: 2,
  smt: false,
  affinity: [0, 1],
  quotaCpus: null,
  governor: null,
  clockSource: 'kvm-clock',
};
const NOTHING: HostFacts = {
  physicalCpus: null,
  smt: null,
  affinity: null,
  quotaCpus: null,
  governor: null,
  clockSource: null,
};

test.each<[string, Files, HostFacts]>([
  [
    'a laptop with SMT',
    LAPTOP,
    {
      physicalCpus: 4,
      smt: true,
      affinity: [0, 1, 2, 3, 4, 5, 6, 7],
      quotaCpus: null,
      governor: 'powersave',
      clockSource: 'tsc',
    },
  ],
  ['a virtual machine', VM, VM_FACTS],
  ['a container in it', CONTAINER_IN_VM, { ...VM_FACTS, affinity: [1], quotaCpus: 1.5 }],
  [
    'an ARM board',
    ARM_BOARD,
    {
      physicalCpus: 4,
      smt: false,
      affinity: [0, 1, 2, 3],
      quotaCpus: null,
      governor: 'ondemand',
      clockSource: 'arch_sys_counter',
    },
  ],
  ['macOS', MAC, NOTHING],
])('the facts of %s', (_, files, facts) => {
  expect(hostFacts(machineWith(files))).toEqual(facts);
});

test('files that hold nothing, or nonsense, tell nothing', () => {
  expect(hostFacts(() => '')).toEqual(NOTHING);
  expect(hostFacts(() => '\0 nonsense\n')).toMatchObject({ physicalCpus: null, smt: null, affinity: null });
});

describe('cores', () => {
  test('with SMT switched off: the offline CPUs do not count', () => {
    const files = {
      [`${CPUS}/online`]: '0-3\n',
      ...siblingLists(['0', '1', '2', '3', '0,4', '1,5']),
      [`${CPUS}/smt/active`]: '0\n',
    };
    expect(hostFacts(machineWith(files))).toMatchObject({ physicalCpus: 4, smt: false });
  });

  test('of which a container sees one hardware thread each still have SMT', () => {
    const files = { ...LAPTOP, [`${CPUS}/online`]: '0-1\n' };
    expect(hostFacts(machineWith(files))).toMatchObject({ physicalCpus: 2, smt: true });
  });

  test('some with SMT and some without, as in hybrid CPUs', () => {
    const files = { [`${CPUS}/online`]: '0-3\n', ...siblingLists(['0-1', '0-1', '2', '3']) };
    expect(hostFacts(machineWith(files))).toMatchObject({ physicalCpus: 3, smt: true });
  });

  test('without a topology are unknown, but the kernel may still tell of SMT', () => {
    const files = { [`${CPUS}/online`]: '0-7\n', [`${CPUS}/smt/active`]: '1\n' };
    expect(hostFacts(machineWith(files))).toMatchObject({ physicalCpus: null, smt: true });
  });
});

describe('coreSiblings', () => {
  test('gives the CPUs of the same core, each with itself', () => {
    const files = { [`${CPUS}/online`]: '0-3\n', ...siblingLists(['0,2', '1,3', '0,2', '1,3']) };
    expect(coreSiblings(machineWith(files))).toEqual(
      new Map([
        [0, [0, 2]],
        [1, [1, 3]],
        [2, [0, 2]],
        [3, [1, 3]],
      ]),
    );
  });

  test('knows online CPUs only', () => {
    const files = { ...LAPTOP, [`${CPUS}/online`]: '0,4-5\n' };
    expect(coreSiblings(machineWith(files))).toEqual(
      new Map([
        [0, [0, 4]],
        [4, [0, 4]],
        [5, [5]],
      ]),
    );
  });

  test.each<[string, Files]>([
    ['without a list of CPUs', siblingLists(['0'])],
    ['when one CPU has no list', { [`${CPUS}/online`]: '0-1\n', ...siblingLists(['0']) }],
    ['when a list leaves out its own CPU', { [`${CPUS}/online`]: '0-1\n', ...siblingLists(['0', '0']) }],
  ])('is null %s', (_, files) => {
    expect(coreSiblings(machineWith(files))).toBeNull();
  });
});

describe('openFilesLimit', () => {
  const limitOf = (files: Files, shell: string | null = null) => openFilesLimit(machineWith(files), () => shell);

  test.each<[string, number | null]>([
    ['1024', 1024],
    ['1073741816', 1_073_741_816],
    ['unlimited', null],
    ['0', null],
  ])('a soft limit of %s', (soft, limit) => {
    expect(limitOf({ '/proc/self/limits': limits(soft) }, '7')).toBe(limit);
  });

  test.each<[string | null, number | null]>([
    ['256', 256],
    ['unlimited', null],
    ['sh: ulimit: not found', null],
    ['', null],
    [null, null],
  ])('without /proc the shell says %j', (shell, limit) => {
    expect(limitOf({}, shell)).toBe(limit);
  });

  test.skipIf(process.platform === 'win32')('the real shell and the real /proc agree', () => {
    expect(openFilesLimit(() => null)).toBe(openFilesLimit());
  });
});
