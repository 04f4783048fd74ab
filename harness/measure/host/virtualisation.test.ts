import { describe, expect, test } from 'vitest';
import { ARM_BOARD, CONTAINER_IN_VM, type Files, LAPTOP, MAC, machineWith, VM } from '../fixtures/machines.ts';
import { virtualisation } from './virtualisation.ts';

const on = (files: Files): string | null => virtualisation(machineWith(files));

const firmware = (vendor: string, product: string): Files => ({
  '/sys/class/dmi/id/sys_vendor': `${vendor}\n`,
  '/sys/class/dmi/id/product_name': `${product}\n`,
});

const CLOCKS = '/sys/devices/system/clocksource/clocksource0/available_clocksource';
const BARE_GUEST: Files = { '/proc/cpuinfo': 'flags\t\t: fpu hypervisor\n', '/proc/1/cgroup': '0::/init.scope\n' };
const ARM_GUEST: Files = { '/proc/cpuinfo': 'Features\t: fp asimd\n' };

test.each<[string, Files, string | null]>([
  ['a laptop', LAPTOP, null],
  ['a virtual machine', VM, 'kvm'],
  ['a container in it', CONTAINER_IN_VM, 'docker in kvm'],
  ['a container on the laptop', { ...LAPTOP, '/run/.containerenv': 'engine="podman-4.9.3"\n' }, 'podman'],
  ['an ARM board', ARM_BOARD, null],
  ['macOS', MAC, null],
])('%s', (_, files, name) => {
  expect(on(files)).toBe(name);
});

describe('a hypervisor is named', () => {
  test.each<[string, Files]>([
    ['amazon ec2', firmware('Amazon EC2', 'm5.large')],
    ['google compute engine', firmware('Google', 'Google Compute Engine')],
    ['vmware', firmware('VMware, Inc.', 'VMware Virtual Platform')],
    ['hyperv', firmware('Microsoft Corporation', 'Virtual Machine')],
    ['virtualbox', firmware('innotek GmbH', 'VirtualBox')],
    ['parallels', firmware('Parallels Software International Inc.', 'Parallels Virtual Platform')],
    ['xen', firmware('Xen', 'HVM domU')],
    ['kvm', firmware('Red Hat', 'KVM')],
    ['kvm', firmware('DigitalOcean', 'Droplet')],
    ['kvm', firmware('Hetzner', 'vServer')],
    ['qemu', firmware('QEMU', 'Standard PC (i440FX + PIIX, 1996)')],
    ['kvm', { [CLOCKS]: 'tsc kvm-clock \n' }],
    ['hyperv', { [CLOCKS]: 'hyperv_clocksource_tsc_page hyperv_clocksource_msr acpi_pm \n' }],
    ['firecracker', { [CLOCKS]: 'tsc kvm-clock \n', '/sys/bus/acpi/devices/FCVMGID:00/hid': 'FCVMGID\n' }],
    [
      'firecracker',
      { [CLOCKS]: 'tsc kvm-clock \n', '/sys/firmware/acpi/tables/FACP': 'FACP\u0014\u0001\0\0\u0006fFIRECKFCVMFADT' },
    ],
    ['virtual machine', {}],
    ['virtual machine', firmware('Some Cloud', 'Standard')],
  ])('%s', (name, files) => {
    expect(on({ ...BARE_GUEST, ...files })).toBe(name);
  });

  test.each<[string, Files]>([
    ['amazon ec2', firmware('Amazon EC2', 'm7g.large')],
    ['apple virtualization', firmware('Apple Inc.', 'Apple Virtualization Generic Platform')],
    ['qemu', firmware('QEMU', 'QEMU Virtual Machine')],
    ['virtual machine', { '/proc/device-tree/compatible': 'linux,dummy-virt\0' }],
    ['kvm', { '/proc/device-tree/hypervisor/compatible': 'linux,kvm\0' }],
  ])('%s on ARM, where the CPU does not tell', (name, files) => {
    expect(on({ ...ARM_GUEST, ...files })).toBe(name);
  });

  test('xen by its own file', () => {
    expect(on({ '/sys/hypervisor/type': 'xen\n' })).toBe('xen');
  });

  test.each([
    ['gvisor', 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n'],
    ['gvisor', 'Linux version 4.19.0-gvisor #1 SMP Sun Jan 10 15:06:54 PST 2016\n'],
    ['wsl', 'Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1) #1 SMP\n'],
  ])('%s by the version of the kernel', (name, version) => {
    expect(on({ ...VM, '/proc/version': version })).toBe(name);
    expect(on({ ...CONTAINER_IN_VM, '/proc/version': version })).toBe(`docker in ${name}`);
  });
});

test.each<[string, Files]>([
  ['of Amazon', { ...LAPTOP, ...firmware('Amazon EC2', 'c5.metal') }],
  ['of Amazon with ARM', { ...ARM_GUEST, ...firmware('Amazon EC2', 'm7g.metal') }],
  ['of Google', { ...LAPTOP, ...firmware('Google', 'Google Compute Engine') }],
  ['of Microsoft', { ...LAPTOP, ...firmware('Microsoft Corporation', 'Surface Laptop 4') }],
])('a real machine %s is not virtual', (_, files) => {
  expect(on(files)).toBeNull();
});

describe('a container is named', () => {
  test.each<[string, Files]>([
    ['docker', { '/.dockerenv': '' }],
    ['docker', { '/proc/1/cgroup': '0::/system.slice/docker-0f2c7d5e.scope\n' }],
    ['docker', { '/proc/1/cgroup': '4:cpu,cpuacct:/docker/0f2c7d5e\n' }],
    ['podman', { '/run/.containerenv': '' }],
    ['podman', { '/proc/1/cgroup': '0::/machine.slice/libpod-0f2c7d5e.scope\n' }],
    ['kubernetes', { '/proc/1/cgroup': '4:cpu,cpuacct:/kubepods/burstable/pod1/0f2c\n' }],
    ['kubernetes', { '/proc/1/cgroup': '0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-0f2c.scope\n' }],
    ['kubernetes', { '/var/run/secrets/kubernetes.io/serviceaccount/namespace': 'default' }],
    ['lxc', { '/proc/1/environ': 'TERM=linux\0container=lxc\0container_ttys=\0' }],
    ['lxc', { '/proc/1/cgroup': '4:cpu,cpuacct:/lxc.payload.web\n' }],
    ['systemd-nspawn', { '/proc/1/environ': 'container=systemd-nspawn\0' }],
  ])('%s', (name, files) => {
    expect(on({ ...LAPTOP, ...files })).toBe(name);
  });

  test('not by the marker alone, when the root is a disk that was made from an image', () => {
    const mounts =
      '22 27 0:21 / /proc rw,relatime - proc proc rw\n27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n';
    expect(on({ ...VM, '/.dockerenv': '', '/proc/self/mountinfo': mounts })).toBe('kvm');
  });

  test('by the marker, when only a part of a disk is the root', () => {
    const mounts = '27 1 0:31 /btrfs/subvolumes/0f2c / rw,relatime - btrfs /dev/nvme0n1p2 rw\n';
    expect(on({ ...VM, '/.dockerenv': '', '/proc/self/mountinfo': mounts })).toBe('docker in kvm');
  });

  test('not by a variable that only ends in that word', () => {
    expect(on({ ...LAPTOP, '/proc/1/environ': 'my_container=x\0' })).toBeNull();
  });
});

test('files that hold nothing, or nonsense, make nobody throw', () => {
  expect(() => virtualisation(() => '')).not.toThrow();
  expect(() => virtualisation(() => '\0 nonsense \uFFFD\n')).not.toThrow();
});
