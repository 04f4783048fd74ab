/** The container and virtual machine that the system runs in, from files alone. Files that only root may read add detail. */
import { type ReadFile, readLine } from './system-file.ts';

/**
 * Names by vendor and product of the firmware. Many providers use the same name for real and virtual machines, so this is
 * read only where the CPU does not rule out a hypervisor.
 */
const FIRMWARE: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^Amazon EC2\n(?!.*\.metal)/, 'amazon ec2'],
  [/Google Compute Engine/, 'google compute engine'],
  [/VMware|^VMW/, 'vmware'],
  [/Microsoft Corporation\nVirtual Machine/, 'hyperv'],
  [/VirtualBox|innotek/, 'virtualbox'],
  [/Parallels/, 'parallels'],
  [/Apple Virtualization/, 'apple virtualization'],
  [/BHYVE/i, 'bhyve'],
  [/Xen|HVM domU/, 'xen'],
  // OpenStack, DigitalOcean, Hetzner and Alibaba Cloud replace the name of KVM by their own.
  [/KVM|Cloud Hypervisor|OpenStack|^DigitalOcean|^Hetzner\nvServer|^Alibaba Cloud\n/i, 'kvm'],
];

/** Clocks that only a guest of that hypervisor is offered. */
const CLOCKS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bkvm-clock\b/, 'kvm'],
  [/\bhyperv_/, 'hyperv'],
  [/\bxen\b/, 'xen'],
];

/** Control groups in which container runtimes start the first process. */
const GROUPS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\/docker[-/]/, 'docker'],
  [/\/libpod[-_]/, 'podman'],
  [/\/kubepods/, 'kubernetes'],
  [/\/lxc[./]/, 'lxc'],
];

/** Such as `docker`, `kvm` or `docker in kvm`; null when none is known. */
export function virtualisation(read: ReadFile): string | null {
  const around = [container(read), hypervisor(read)].filter((name) => name !== null);
  return around.length === 0 ? null : around.join(' in ');
}

function container(read: ReadFile): string | null {
  if (read('/run/.containerenv') !== null) return 'podman';
  if (read('/.dockerenv') !== null && !rootIsDisk(read)) return 'docker';
  // Set by LXC, systemd-nspawn and Podman; usually only root may read it.
  const [, named] = /^container=([\w-]+)$/m.exec((read('/proc/1/environ') ?? '').replaceAll('\0', '\n')) ?? [];
  const name = named ?? firstName(GROUPS, read('/proc/1/cgroup') ?? '');
  if (name !== null) return name;
  return read('/var/run/secrets/kubernetes.io/serviceaccount/namespace') === null ? null : 'kubernetes';
}

/**
 * Whether the root is a whole disk. Micro virtual machines are made from container images, which may contain `/.dockerenv`;
 * Docker itself never mounts a bare disk as root. Columns: see proc_pid_mountinfo(5).
 */
function rootIsDisk(read: ReadFile): boolean {
  return /^\d+ \d+ \S+ \/ \/ .* - \S+ \/dev\/(?:root|[vs]d|xvd|nvme|mmcblk|pmem)\S* /m.test(
    read('/proc/self/mountinfo') ?? '',
  );
}

function hypervisor(read: ReadFile): string | null {
  const version = read('/proc/version') ?? '';
  // Older versions of gVisor have this fixed text, without their name.
  if (/gvisor|^Linux version 4\.4\.0 #1 SMP Sun Jan 10 15:06:54 PST 2016/i.test(version)) return 'gvisor';
  if (/microsoft.*WSL/i.test(version)) return 'wsl';
  const type = readLine(read, '/sys/hypervisor/type');
  if (type !== null) return type;
  const [, flags] = /^flags\s*:(.*)$/m.exec(read('/proc/cpuinfo') ?? '') ?? [];
  const flagged = flags === undefined ? null : /\bhypervisor\b/.test(flags);
  // Only x86 has the flag. Without it, the firmware names the real machine of a provider.
  if (flagged === false) return null;
  return isFirecracker(read) ? 'firecracker' : (nameOf(read) ?? (flagged ? 'virtual machine' : null));
}

/** By its own device, or by a firmware table, which newer versions have and only root may read. */
function isFirecracker(read: ReadFile): boolean {
  return (
    read('/sys/bus/acpi/devices/FCVMGID:00/hid') !== null ||
    (read('/sys/firmware/acpi/tables/FACP') ?? '').includes('FIRECK')
  );
}

function nameOf(read: ReadFile): string | null {
  const firmware = ['sys_vendor', 'product_name'].map((file) => readLine(read, `/sys/class/dmi/id/${file}`) ?? '');
  const clocks = read('/sys/devices/system/clocksource/clocksource0/available_clocksource') ?? '';
  const named = firstName(FIRMWARE, firmware.join('\n')) ?? firstName(CLOCKS, clocks);
  if (named !== null) return named;
  // QEMU also emulates without KVM, so its name alone does not tell which; the clock did not name KVM.
  if (firmware.includes('QEMU')) return 'qemu';
  // Boards without such firmware have a device tree, in which `linux,dummy-virt` stands for a virtual one.
  if (/linux,kvm/.test(read('/proc/device-tree/hypervisor/compatible') ?? '')) return 'kvm';
  return /linux,dummy-virt/.test(read('/proc/device-tree/compatible') ?? '') ? 'virtual machine' : null;
}

function firstName(names: readonly (readonly [pattern: RegExp, name: string])[], text: string): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
