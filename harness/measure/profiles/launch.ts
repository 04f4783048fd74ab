/** A trial beside those that are judged, in which the server is profiled. */
import { type Frame, framesOf, type Sources } from '../../judge/profiles/frames.ts';
import type { ProfilesFolder } from '../../store/profiles-folder.ts';
import type { Trial } from '../../store/schema.ts';
import type { Measuring } from '../measuring.ts';
import type { TrialRequest } from '../trial/request.ts';

/** Long enough for thousands of samples, and short beside what was measured before. */
const WINDOW_MS = 2000;

/** What profiles of a cell are called, and how they are read. */
export interface ProfiledSubject {
  /** Beginning of the names of their files. */
  readonly name: string;
  readonly sources: Sources;
  /** CPU time per request in the trials that are judged; null when there is none. */
  readonly msPerRequest: number | null;
}

export interface LaunchProfiles {
  /** Null when nothing was sampled. */
  readonly frames: Frame | null;
  readonly files: readonly string[];
  readonly missing: readonly string[];
}

export async function profileLaunch(
  measuring: Pick<Measuring, 'profileTrial'>,
  request: TrialRequest,
  subject: ProfiledSubject,
  folder: ProfilesFolder,
  signal: AbortSignal,
): Promise<LaunchProfiles> {
  if (request.launch?.kind === 'address') {
    return { frames: null, files: [], missing: ['it runs already, and only what is started here can be profiled'] };
  }
  const { trial, profiled } = await measuring.profileTrial(
    { ...request, measureMs: WINDOW_MS, repeatedFor: [] },
    signal,
  );
  if (trial.outcome.status === 'failed') {
    return { frames: null, files: [], missing: [`its trial failed: ${trial.outcome.reason.message}`] };
  }
  const { server } = trial.outcome.measurement;
  const { profiles = [], missing = [] } = profiled ?? {};
  const active = profiles.filter(({ profile }) => profile.samples.length > 0);
  const files = active.map(({ role, profile }) => folder.write(`${subject.name}-${role}`, profile));
  const frames = framesOf(
    { profiles: active.map(({ profile }) => profile), cpuMs: server.cpuMs },
    subject.msPerRequest ?? server.cpuMsPerRequest,
    subject.sources,
  );
  return { frames, files, missing };
}

/** CPU time per request of the valid trials of a cell: the one in the middle; null when there is none. */
export function typicalMsPerRequest(trials: readonly Trial[], cell: string): number | null {
  const all = trials.flatMap(({ cell: id, outcome }) =>
    id === cell && outcome.status === 'ok' ? [outcome.measurement.server.cpuMsPerRequest] : [],
  );
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? null;
}
