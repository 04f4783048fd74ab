/** `run --profile`: where the CPU time of every cell goes, found after its rounds. */
import { largestFunctions, shownFrames } from '../../judge/profiles/shown.ts';
import type { ProfilesFolder } from '../../store/profiles-folder.ts';
import type { ProfiledCell } from '../../store/profiles-schema.ts';
import type { Run } from '../../store/schema.ts';
import type { Measuring } from '../measuring.ts';
import { type Prepared, requestFor, type RunListener } from '../run.ts';
import { profileLaunch, typicalMsPerRequest } from './launch.ts';
import { folderRoot, sourcesIn } from './sources.ts';

/** One trial of every cell of capacity that has a valid one. Throws a UserError when the folder cannot be written. */
export async function profileCells(
  measuring: Pick<Measuring, 'profileTrial'>,
  prepared: Prepared,
  { manifest, trials }: Run,
  folder: ProfilesFolder,
  listener: Pick<RunListener, 'preparing'>,
  signal: AbortSignal,
): Promise<void> {
  const sources = sourcesIn([folderRoot(process.cwd())]);
  const profiled: ProfiledCell[] = [];
  for (const cell of manifest.cells) {
    const msPerRequest = typicalMsPerRequest(trials, cell.id);
    if (cell.load.kind !== 'capacity' || msPerRequest === null) continue;
    listener.preparing(`profiling ${cell.id}`);
    const request = requestFor({ cell, round: 0, attempt: 0 }, { ...prepared, manifest }, []);
    const subject = { name: cell.id, sources, msPerRequest };
    const { frames, files, missing } = await profileLaunch(measuring, request, subject, folder, signal);
    profiled.push({
      cell: cell.id,
      files,
      missing,
      functions: frames === null ? [] : largestFunctions(frames),
      frames: frames === null ? null : shownFrames(frames, null),
    });
    // After each, so that an interruption keeps those before it.
    folder.conclude(profiled);
  }
}
