/** What `fourways costs` prints: a table for each group, and what the figures mean for models. */
import { createColors } from 'picocolors';
import { bytesOf, type Cost, type Costs, isSame } from '../harness/costs/costs.ts';
import { CONNECTIONS, type Group, type Operation, SIZES, STARTS, TRANSPORTS } from '../harness/costs/operations.ts';
import type { Estimate } from '../harness/stats/estimate.ts';
import { plainTable } from './terminal/text-table.ts';
import { figure, intervalText, MISSING } from './words/figures.ts';
import { paragraph, WIDTH } from './words/wrap.ts';

const TITLES: Readonly<Record<Group, string>> = {
  start: 'Starting it until its first message, ms',
  messages: 'A message there and back, µs',
  sockets: 'A new connection until its answer, µs',
};

/** In a progress line. */
export function operationWords(operation: Operation): string {
  const bytes = bytesOf(operation);
  return `${rowOf(operation)}${bytes === null ? '' : `, ${sizeText(bytes)}`}`;
}

export function costsText(
  { costs, node, cpuModel, rounds }: Costs,
  { colour, width = WIDTH }: { readonly colour: boolean; readonly width?: number },
): string {
  const c = createColors(colour);
  const of = (group: Group): readonly Cost[] => costs.filter(({ operation }) => operation.group === group);
  const tables = [
    oneEach(of('start'), 'start', c.dim),
    bySize(of('messages'), ({ wallUs }) => wallUs, 'time', c.dim),
    bySize(of('messages'), ({ cpuUs }) => cpuUs, 'CPU time', c.dim),
    oneEach(of('sockets'), 'sockets', c.dim),
  ];
  const about = `Node ${node}, ${cpuModel}; one at a time. Below each figure its 95% interval over ${rounds} launches of a fresh process each. CPU time is that of all processes and threads that take part.`;
  const impossible = costs.flatMap(({ operation, impossible: why }) =>
    why === null ? [] : [c.red(paragraph(`${operationWords(operation)}: this cannot be true, ${why}.`, width))],
  );
  const blocks = [
    ...tables.filter((table) => table !== null),
    paragraph(about, width),
    ...impossible,
    ...meaningsOf(costs).map((text) => paragraph(text, width)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What the figures mean for the models; nothing where they cannot be true or were not taken. */
export function meaningsOf(costs: readonly Cost[]): readonly string[] {
  const cpuUs = (operation: Operation): number | null => {
    const found = costs.find((one) => isSame(one.operation, operation));
    return found === undefined || found.impossible !== null ? null : found.cpuUs.point;
  };
  const message = (of: keyof typeof TRANSPORTS, bytes: number) => cpuUs({ group: 'messages', of, bytes });
  const [small, large] = [SIZES[0], SIZES[3]];
  return [
    jobs(message('call', small), message('ipc-json', small), message('clone', small)),
    bodies(message('ipc-json', large), message('clone', large), message('transfer', large)),
    handOver(cpuUs({ group: 'sockets', of: 'here' }), cpuUs({ group: 'sockets', of: 'passed' })),
    starts(cpuUs({ group: 'start', of: 'process' }), cpuUs({ group: 'start', of: 'thread' })),
  ].filter((text) => text !== null);
}

function jobs(call: number | null, ipc: number | null, clone: number | null): string | null {
  if (call === null || ipc === null || clone === null) return null;
  const [fork, thread] = [timeText(ipc - call), timeText(clone - call)];
  return `A job to a forked worker and back takes ${fork} of CPU time more than a function call, to a worker thread ${thread} (64 B, one at a time): a request with less work than that costs less where it arrives. Under load the pools of fourways send what comes within a turn of the event loop as one message, so a job then costs less, but never nothing.`;
}

function bodies(ipc: number | null, clone: number | null, transfer: number | null): string | null {
  if (ipc === null || clone === null || transfer === null) return null;
  return `1 MiB there and back takes ${timeText(ipc)} of CPU time as JSON over IPC, ${timeText(clone)} cloned to a thread, and ${timeText(transfer)} when its memory is handed over: large bodies speak for threads, or for a listener in each worker.`;
}

function handOver(here: number | null, passed: number | null): string | null {
  if (here === null || passed === null) return null;
  const more = passed > here ? `${timeText(passed - here)} more` : 'no more';
  return `A connection that is passed to a child takes ${more} CPU time than one that is answered where it is accepted (${timeText(here)}, client included). cluster pays that per connection: with keep-alive once per client, else with each request.`;
}

function starts(process: number | null, thread: number | null): string | null {
  if (process === null || thread === null) return null;
  return `Starting a process takes ${timeText(process)} of CPU time, a thread ${timeText(thread)}: a worker per request pays that each time, a pool once.`;
}

/** `31.2 µs`, `4.1 ms`. */
function timeText(us: number): string {
  return us < 1000 ? `${figure(us)} µs` : `${figure(us / 1000)} ms`;
}

type Dim = (text: string) => string;

function oneEach(costs: readonly Cost[], group: Exclude<Group, 'messages'>, dim: Dim): string | null {
  if (costs.length === 0) return null;
  const perUnit = group === 'start' ? 1000 : 1;
  const rows = costs.map((cost) => [
    `${rowOf(cost.operation)}\n`,
    cellText(cost.wallUs, perUnit, dim),
    cellText(cost.cpuUs, perUnit, dim),
  ]);
  return tableOf(TITLES[group], ['', 'time', 'CPU time'], rows, dim);
}

function bySize(costs: readonly Cost[], read: (cost: Cost) => Estimate, what: string, dim: Dim): string | null {
  if (costs.length === 0) return null;
  const names = [...new Set(costs.map(({ operation }) => rowOf(operation)))];
  const rows = names.map((name) => [
    `${name}\n`,
    ...SIZES.map((bytes) => {
      const cost = costs.find(({ operation }) => rowOf(operation) === name && bytesOf(operation) === bytes);
      return cost === undefined ? MISSING : cellText(read(cost), 1, dim);
    }),
  ]);
  return tableOf(TITLES.messages, [what, ...SIZES.map(sizeText)], rows, dim);
}

function tableOf(title: string, head: readonly string[], rows: string[][], dim: Dim): string {
  const aligns = head.map((_, i) => (i === 0 ? 'left' : 'right'));
  return [title, ...plainTable({ head: head.map(dim), aligns, rows, gap: 2 })].join('\n');
}

/** The figure, and below it its interval. */
function cellText({ point, low, high }: Estimate, perUnit: number, dim: Dim): string {
  const interval = low === null || high === null ? MISSING : intervalText(low / perUnit, high / perUnit);
  return `${figure(point / perUnit)}\n${dim(interval)}`;
}

function rowOf(operation: Operation): string {
  switch (operation.group) {
    case 'start':
      return STARTS[operation.of];
    case 'messages':
      return TRANSPORTS[operation.of].words;
    case 'sockets':
      return CONNECTIONS[operation.of];
    default:
      return operation satisfies never;
  }
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${bytes / 1024} KiB` : `${bytes / 1024 ** 2} MiB`;
}
