/** What the servers of the doctor do, and how close a measurement must come. Shared by the servers and the findings. */
import type { Failure, Placement } from '../../store/schema.ts';

/** Every reply leaves this long after its request was read. */
export const DELAY_MS = 20;
/** Few: the delay must come from the server and not from a queue. */
export const DELAY_CONNECTIONS = 2;
/** Busy for this long with every request, on one thread. */
export const SPIN_MS = 10;
/** Most replies per second that one thread can send, at `SPIN_MS` each. */
export const SPIN_CAPACITY_PER_SEC = 1000 / SPIN_MS;

/** How far a measured percentile may be from `DELAY_MS`. */
export const DELAY_TOLERANCE_MS = 1;
/** How far a measured rate or CPU time may be from the true one, as a share of it. */
export const SPIN_TOLERANCE = 0.03;

/** An open loop: the fixed delay again, */
export const OPEN_DELAY_PER_SEC = 100;
/** a queue with one server and a constant service time (M/D/1), */
export const QUEUE_SERVICE_MS = 5;
export const QUEUE_PER_SEC = 120;
/** and a server that freezes for the first second of every four. */
export const FREEZE_PER_SEC = 200;
export const FREEZE_MS = 1000;
export const FREEZE_EVERY_MS = 4000;
/** Whole periods. */
export const FREEZE_WINDOW_MS = 5 * FREEZE_EVERY_MS;
/** Of the schedules. */
export const TRUTH_SEED = 1;
/** How far a percentile of the open loop may be from the true one: the larger of these. */
export const OPEN_TOLERANCE_MS = 1;
export const OPEN_TOLERANCE = 0.03;

/** Good replies before a fault begins: the check before the load must pass, and the load must be under way. */
export const GOOD_REPLIES_FIRST = 200;
/** Replies without delay or spin, so that the code of both sides gets compiled: at most a quarter of a second of the warm-up. */
export const QUICK_REPLIES_FIRST = 5000;
/** The same for an open loop, whose warm-up is another load that ends after 2,000 replies or so. */
export const QUICK_BEFORE_OPEN = 1500;
/** One reply in this many is wrong. */
export const WRONG_EVERY = 100;
/** The longest that a trial of the doctor waits for a reply, in seconds: the hanging server takes as long. */
export const TIMEOUT_SEC = 1;

/** Servers that go wrong under load, with what a trial must fail with. */
export const faults = {
  'wrong-reply': { summary: 'a wrong reply in a hundred', kind: 'wrong-reply' },
  closing: { summary: 'closes connections', kind: 'connection-closed' },
  unavailable: { summary: 'answers 503 quickly', kind: 'status' },
  hanging: { summary: 'hangs', kind: 'timeout' },
} as const satisfies Record<string, { readonly summary: string; readonly kind: Failure['kind'] }>;

export type FaultName = keyof typeof faults;
/** `healthy` is the same server without a fault: a detector that always fires is no detector. */
export type TruthName = FigureName | 'freezing' | 'healthy' | FaultName;

export const faultNames: readonly FaultName[] = ['wrong-reply', 'closing', 'unavailable', 'hanging'];
/** Servers that have true figures. Each is measured three times, apart in time, and the median counts. */
export const figureNames = ['fixed-delay', 'known-spin', 'open-delay', 'known-queue'] as const;
export type FigureName = (typeof figureNames)[number];
/** The freezing server is measured once: it takes as long as all the others together. */
export const truthNames: readonly TruthName[] = [...figureNames, 'freezing', ...faultNames, 'healthy'];

/** The worker of the spinning server always has a request waiting, and its loop is never idle. */
export const SPIN_CONNECTIONS = 4;

/**
 * Servers that go wrong for a known time, from when a poison reaches them: one that closes its port and all connections, one that drops
 * one request in so many from then on, and one that answers later.
 */
export const outageNames = ['away', 'dropping', 'slow'] as const;
export type OutageName = (typeof outageNames)[number];
export const AWAY_MS = 500;
export const DROP_EVERY = 50;
export const SLOW_FOR_MS = 800;
export const SLOW_BY_MS = 300;
export const OUTAGE_PER_SEC = 400;
export const OUTAGE_BEFORE_MS = 1000;
export const OUTAGE_EACH_MS = 2000;
/** How far an outage or a recovery may be from the true one. */
export const OUTAGE_TOLERANCE_MS = 50;

/** The generator shares the CPUs, as in an ordinary run on a small machine. */
export const BESIDE: Placement = { kind: 'shared', generators: 1, why: 'asked' };
