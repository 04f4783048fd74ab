/**
 * The workers of a model: start them, ask them, replace the dead, stop them. The same for cluster workers, forked
 * processes and threads, so that models differ in how work reaches a worker and in nothing else.
 */
import type { ProcessUsage, ServerContext, WorkerUsage } from './model.ts';

/** Parent to worker. */
export type Order =
  | { readonly type: 'start'; readonly id: number; readonly context: ServerContext }
  | { readonly type: 'report'; readonly ticket: number }
  | { readonly type: 'stop' };

/** Worker to parent. */
export type Notice =
  | { readonly type: 'present' }
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null }
  | { readonly type: 'report'; readonly ticket: number; readonly report: Report };

export interface Report {
  readonly worker: WorkerUsage;
  /** null for a thread: its process reports for it. */
  readonly process: ProcessUsage | null;
}

/** One worker as the parent holds it. */
export interface Member {
  send(order: Order): void;
  kill(): void;
}

/** Starts one worker. `onExit` is called exactly once. */
export type Spawn<M extends Member> = (
  id: number,
  onNotice: (notice: Notice) => void,
  onExit: (how: string) => void,
) => M;

export interface Crew {
  /** The port that the workers share; 0 when they do not listen. */
  readonly port: number;
  report(): Promise<readonly Report[]>;
  lostWorkers(): number;
  stop(): Promise<void>;
}

/** Told when a worker can take work, and when it no longer can. */
export interface CrewEvents<M> {
  joined(member: M): void;
  left(member: M): void;
}

const STOP_GRACE_MS = 1000;

/** Starts the workers, and resolves when all of them are ready. Rejects when one cannot load the scenario. */
export async function hireCrew<M extends Member>(
  context: ServerContext,
  spawn: Spawn<M>,
  events: CrewEvents<M>,
): Promise<Crew> {
  const members = new Set<M>();
  const onDuty = new Set<M>();
  const questions = new Map<number, { member: M; settle: (report: Report | null) => void }>();
  let lastId = 0;
  let lastTicket = 0;
  let lost = 0;
  let stopping = false;
  let onEmpty = (): void => {};

  const hire = (): Promise<number> =>
    new Promise((resolve, reject) => {
      let ready = false;
      const id = ++lastId;
      const onNotice = (notice: Notice): void => {
        switch (notice.type) {
          case 'present':
            member.send({ type: 'start', id, context });
            return;
          case 'ready':
            ready = true;
            onDuty.add(member);
            events.joined(member);
            resolve(notice.port);
            return;
          case 'failed':
            reject(Object.assign(new Error(notice.message), { code: notice.code }));
            return;
          case 'report':
            questions.get(notice.ticket)?.settle(notice.report);
        }
      };
      const onExit = (how: string): void => {
        members.delete(member);
        onDuty.delete(member);
        for (const question of questions.values()) if (question.member === member) question.settle(null);
        if (members.size === 0) onEmpty();
        if (!ready) {
          reject(new Error(`worker ${id} ended before it was ready (${how})`));
          return;
        }
        events.left(member);
        if (stopping) return;
        lost++;
        // A worker that cannot start a second time is not tried a third time; it stays counted as lost.
        hire().catch(() => {});
      };
      const member = spawn(id, onNotice, onExit);
      members.add(member);
    });

  const ask = (member: M): Promise<Report | null> =>
    new Promise((resolve) => {
      const ticket = ++lastTicket;
      const settle = (report: Report | null): void => {
        questions.delete(ticket);
        resolve(report);
      };
      questions.set(ticket, { member, settle });
      member.send({ type: 'report', ticket });
    });

  const stop = async (): Promise<void> => {
    stopping = true;
    if (members.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      onEmpty = resolve;
    });
    for (const member of members) member.send({ type: 'stop' });
    const killer = setTimeout(() => {
      for (const member of members) member.kill();
    }, STOP_GRACE_MS);
    await empty;
    clearTimeout(killer);
  };

  try {
    const ports = await Promise.all(Array.from({ length: context.workers }, hire));
    return {
      port: ports[0] ?? 0,
      report: async () => (await Promise.all([...onDuty].map(ask))).filter((report) => report !== null),
      lostWorkers: () => lost,
      stop,
    };
  } catch (error) {
    stopping = true;
    for (const member of members) member.kill();
    throw error;
  }
}
