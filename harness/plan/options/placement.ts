/** Where load generators run: beside the server, or on CPUs reserved for them. */
import { UserError } from '../../errors.ts';
import type { Placement } from '../../store/schema.ts';
import { integerFlag } from './values.ts';

/** From this many CPUs on, some are reserved without being asked for. */
const CPUS_TO_ISOLATE = 4;
/** The part of the CPUs that is reserved then: a generator costs about as much per request as a trivial handler. */
const RESERVED_PART = 4;
const MOST_GENERATORS = 64;

/** What the machine allows. */
export interface CpusToPlace {
  /** CPUs that this process may use. */
  readonly count: number;
  /** Their numbers; null where the system does not tell. */
  readonly affinity: readonly number[] | null;
  /** By CPU, those that share its core; null where the system does not tell. */
  readonly siblings: ReadonlyMap<number, readonly number[]> | null;
  /** Whether processes can be bound to CPUs. Asked only when it matters, because it has to be tried out. */
  readonly canBind: () => boolean;
}

/** Server and generators on CPUs of their own. */
export type Pinned = Extract<Placement, { kind: 'isolated' }>;

/**
 * One CPU for the generators and the others for the server, on a machine that is too small to reserve one in every case;
 * null where sharing was asked for, or where it cannot be done.
 */
export function pinnedFor(
  { why, generators }: Extract<Placement, { kind: 'shared' }>,
  { count, affinity, siblings, canBind }: CpusToPlace,
): Pinned | null {
  if (why !== 'few-cpus' || count < 2 || affinity === null || affinity.length < 2 || !canBind()) return null;
  return { ...isolated(1, Math.min(count, affinity.length), affinity, siblings, 'automatic'), generators };
}

/** Settles `--generators` and `--isolate`, either of which may be left out. Throws UserError. */
export function placementFor(
  asked: { readonly generators?: number | undefined; readonly isolate?: number | undefined },
  connections: number,
  machine: CpusToPlace,
): Placement {
  const placement = reserve(asked.isolate, machine);
  const reserved = placement.kind === 'isolated' ? placement.generatorCpus.length : 1;
  const most = Math.min(MOST_GENERATORS, connections);
  const generators = integerFlag('--generators', asked.generators ?? Math.min(reserved, most), 1, MOST_GENERATORS);
  if (generators > connections) {
    throw new UserError(
      `--generators ${generators}: ${connections} connection${connections === 1 ? '' : 's'} cannot be split among them; give at most ${most}, or more --connections`,
    );
  }
  return { ...placement, generators };
}

function reserve(asked: number | undefined, { count, affinity, siblings, canBind }: CpusToPlace): Placement {
  const shared = { kind: 'shared', generators: 1 } as const;
  if (asked === 0) return { ...shared, why: 'asked' };
  if (asked === undefined) {
    if (count < CPUS_TO_ISOLATE) return { ...shared, why: 'few-cpus' };
    if (affinity === null || !canBind()) return { ...shared, why: 'no-taskset' };
    return isolated(Math.floor(count / RESERVED_PART), count, affinity, siblings, 'automatic');
  }
  if (!Number.isInteger(asked) || asked < 0 || asked >= count) {
    const way = count === 1 ? 'leave the flag out' : `give at most ${count - 1}, or 0 to share`;
    throw new UserError(
      `--isolate ${asked}: ${count} CPU${count === 1 ? ' is' : 's are'} available, and the server needs one; ${way}`,
    );
  }
  if (affinity === null || !canBind()) {
    throw new UserError(
      `--isolate ${asked}: processes cannot be bound to CPUs here; install taskset (util-linux, Linux only), or leave the flag out`,
    );
  }
  return isolated(asked, count, affinity, siblings, 'asked');
}

/** Whole cores for the generators as far as possible: two hardware threads of one core take from each other. */
function isolated(
  reserved: number,
  count: number,
  affinity: readonly number[],
  siblings: CpusToPlace['siblings'],
  why: 'asked' | 'automatic',
): Pinned {
  const coreOf = (cpu: number): number => Math.min(cpu, ...(siblings?.get(cpu) ?? []));
  const byCore = affinity.toSorted((a, b) => coreOf(a) - coreOf(b) || a - b);
  // Under a quota fewer CPUs may be busy at once than there are.
  const usable = byCore.slice(byCore.length - Math.min(count, byCore.length));
  const ascending = (cpus: readonly number[]): number[] => cpus.toSorted((a, b) => a - b);
  return {
    kind: 'isolated',
    generators: reserved,
    why,
    serverCpus: ascending(usable.slice(0, usable.length - reserved)),
    generatorCpus: ascending(usable.slice(usable.length - reserved)),
  };
}
