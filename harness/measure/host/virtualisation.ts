/** What the system runs inside of, from files alone: no program is started. Files that only root may read add detail. */
import { type ReadFile, readLine } from './system-file.ts';

/**
 * Names by what the firmware calls vendor and product. Many providers offer real machines under the name of their
 * virtual ones, so this is asked only where the CPU does not deny a hypervisor.
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
  // OpenStack, DigitalOcean, Hetzner and Alibaba Cloud write their own name over that of KVM.
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

/** Such as `docker`, `kvm` or `docker in kvm`; null when nothing is known of any. */
export function virtualisation(read: ReadFile): string | null {
  const around = [container(read), hypervisor(read)].filter((name) => name !== null);
  return around.length === 0 ? null : around.join(' in ');
}

function container(read: ReadFile): string | null {
  if (read('/run/.containerenv') !== null) return 'podman';
  if (read('/.dockerenv') !== null && !rootIsDisk(read)) return 'docker';
  // Set by LXC, systemd-nspawn and Podman; as a rule only root may read it.
  const [, named] = /^container=([\w-]+)$/m.exec((read('/proc/1/environ') ?? '').replaceAll('\0', '\n')) ?? [];
  const name = named ?? firstName(GROUPS, read('/proc/1/cgroup') ?? '');
  if (name !== null) return name;
  return read('/var/run/secrets/kubernetes.io/serviceaccount/namespace') === null ? null : 'kubernetes';
}

/**
 * Whether the root is a whole disk. Micro virtual machines are made from images of containers, and `/.dockerenv` comes
 * along; Docker itself never mounts a bare disk as root. Columns: see proc_pid_mountinfo(5).
 */
function rootIsDisk(read: ReadFile): boolean {
  return /^\d+ \d+ \S+ \/ \/ .* - \S+ \/dev\/(?:root|[vs]d|xvd|nvme|mmcblk|pmem)\S* /m.test(
    read('/proc/self/mountinfo') ?? '',
  );
}

function hypervisor(read: ReadFile): string | null {
  const version = read('/proc/version') ?? '';
  // Older versions of gVisor write this fixed text, without their name.
  if (/gvisor|^Linux version 4\.4\.0 #1 SMP Sun Jan 10 15:06:54 PST 2016/i.test(version)) return 'gvisor';
  if (/microsoft.*WSL/i.test(version)) return 'wsl';
  const type = readLine(read, '/sys/hypervisor/type');
  if (type !== null) return type;
  const [, flags] = /^flags\s*:(.*)$/m.exec(read('/proc/cpuinfo') ?? '') ?? [];
  const flagged = flags === undefined ? null : /\bhypervisor\b/.test(flags);
  // Only x86 has the flag. Without it, what the firmware says is the name of a provider's real machine.
  if (flagged === false) return null;
  return isFirecracker(read) ? 'firecracker' : (nameOf(read) ?? (flagged ? 'virtual machine' : null));
}

/** By its own device, or by the maker of a firmware table, which newer versions have and only root may read. */
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
  // QEMU emulates in software what KVM does not run, so its name alone does not tell which; the clock did not say KVM.
  if (firmware.includes('QEMU')) return 'qemu';
  // Boards without such firmware describe themselves in a device tree, where `linux,dummy-virt` stands for no board.
  if (/linux,kvm/.test(read('/proc/device-tree/hypervisor/compatible') ?? '')) return 'kvm';
  return /linux,dummy-virt/.test(read('/proc/device-tree/compatible') ?? '') ? 'virtual machine' : null;
}

function firstName(names: readonly (readonly [pattern: RegExp, name: string])[], text: string): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
