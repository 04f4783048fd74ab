/** CPU profiles of one trial: when its window is, and what the processes and threads of its server hand over. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import { type CpuProfile, profileWithin, recordedSchema } from '../../judge/profiles/cpu-profile.ts';
import type { ServerReading } from '../../store/server-schema.ts';
import { isAlive } from '../processes/tree.ts';

/** A busy thread hands over late, and a large profile takes its time. */
const HAND_OVER_LIMIT_MS = 10_000;
const LOOK_EVERY_MS = 20;

export interface RecordedProfile {
  /** `front`, `worker`, `both`, as the model tells; `process` of a command, and `thread` of whatever is one. */
  readonly role: string;
  readonly profile: CpuProfile;
}

/** What was taken of a trial, and what should have been: a line each. */
export interface Profiled {
  readonly profiles: readonly RecordedProfile[];
  readonly missing: readonly string[];
}

/** Null of what is not whole. */
function recordedIn(text: string): z.infer<typeof recordedSchema> | null {
  try {
    return recordedSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export class ProfileRecorder {
  /** Where they are handed over: an empty folder. */
  readonly folder: string;
  /** What was handed over; null before. */
  taken: Profiled | null = null;
  #fromUs = 0;
  #toUs = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The window begins now. */
  begin(): void {
    this.#fromUs = nowUs();
  }

  /** It ends now. */
  end(): void {
    this.#toUs = nowUs();
  }

  /** Has every process and thread hand over its profile: before the server is stopped, because not all of them survive that. */
  async collect({ processes }: ServerReading, signal: AbortSignal): Promise<void> {
    writeFileSync(join(this.folder, 'stop'), '');
    const until = performance.now() + HAND_OVER_LIMIT_MS;
    while (this.#awaited().length > 0 && performance.now() < until) {
      await setTimeout(LOOK_EVERY_MS, undefined, { signal });
    }
    const late = this.#awaited().map((id) => `${who(id)} did not hand over its profile`);
    const failed = this.#ids('failed').map((id) => `${who(id)}: ${this.#read(id, 'failed')}`);
    const damaged: string[] = [];
    const profiles = this.#ids('profile').flatMap((id): RecordedProfile[] => {
      const recorded = recordedIn(this.#read(id, 'profile'));
      if (recorded === null) {
        damaged.push(`${who(id)} handed over a damaged profile`);
        return [];
      }
      const { pid, thread } = parts(id);
      const role = thread > 0 ? 'thread' : (processes.find((one) => one.pid === pid)?.role ?? 'process');
      return [{ role, profile: profileWithin(recorded, this.#fromUs, this.#toUs) }];
    });
    const lacking = [...late, ...failed, ...damaged];
    this.taken = { profiles, missing: profiles.length + lacking.length === 0 ? [NOTHING] : lacking };
  }

  /** Those that have begun, are still there, and have not handed over. */
  #awaited(): readonly string[] {
    const over = [...this.#ids('profile'), ...this.#ids('failed')];
    return this.#ids('started').filter((id) => !over.includes(id) && isAlive(parts(id).pid));
  }

  #ids(ending: string): readonly string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith(`.${ending}`))
      .map((name) => name.slice(0, -ending.length - 1))
      .toSorted((a, b) => parts(a).pid - parts(b).pid || parts(a).thread - parts(b).thread);
  }

  #read(id: string, ending: string): string {
    return readFileSync(join(this.folder, `${id}.${ending}`), 'utf8');
  }
}

const NOTHING = 'nothing in it runs Node.js, or it does not pass NODE_OPTIONS on, so it cannot be profiled';

/** `<pid>-<thread>`, where 0 is the main thread. */
function parts(id: string): { readonly pid: number; readonly thread: number } {
  const [pid = 0, thread = 0] = id.split('-').map(Number);
  return { pid, thread };
}

function who(id: string): string {
  const { pid, thread } = parts(id);
  return thread === 0 ? `process ${pid}` : `thread ${thread} of process ${pid}`;
}

function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
