/** What got slower in head: both sides of the worse cells profiled under the same load, after `ab` has measured. */
import { type Frame, meanOf, type Sources } from '../../judge/profiles/frames.ts';
import { grownFunctions } from '../../judge/profiles/growth.ts';
import { largestFunctions, shownFrames } from '../../judge/profiles/shown.ts';
import { slowerCells } from '../../judge/profiles/slower-cells.ts';
import type { Change, SlowerCell } from '../../judge/schema/change.ts';
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import type { ProfilesFolder } from '../../store/profiles-folder.ts';
import type { ProfiledCell } from '../../store/profiles-schema.ts';
import type { Cell, Run } from '../../store/schema.ts';
import type { Measuring } from '../measuring.ts';
import { sideRequest } from '../pairs/pair.ts';
import type { PreparedAb } from '../pairs/prepare.ts';
import type { AbSide, BySide } from '../pairs/sides.ts';
import type { RunListener } from '../run.ts';
import { type LaunchProfiles, profileLaunch, typicalMsPerRequest } from './launch.ts';
import { fileRoots, folderRoot, sourcesIn } from './sources.ts';

/** Twice each, because launches differ; in this order neither side comes first. */
const ORDER: readonly Side[] = ['base', 'head', 'head', 'base'];

/** An `ab` that has ended. */
export interface MeasuredAb {
  readonly prepared: PreparedAb;
  readonly runs: BySide<Run>;
  readonly sides: BySide<AbSide>;
  readonly change: Change;
}

/** What got slower, in the cells that are worse. Empty when there are none. Throws a UserError when the folder cannot be written. */
export async function profileSlower(
  measuring: Pick<Measuring, 'profileTrial'>,
  measured: MeasuredAb,
  folder: ProfilesFolder,
  listener: Pick<RunListener, 'preparing'>,
  signal: AbortSignal,
): Promise<readonly SlowerCell[]> {
  const { prepared, change } = measured;
  const found: { readonly slower: SlowerCell; readonly profiled: ProfiledCell }[] = [];
  for (const id of slowerCells(change)) {
    const cell = prepared.base.manifest.cells.find((one) => one.id === id);
    if (cell === undefined) continue;
    found.push(await profileCell(measuring, measured, cell, folder, listener, signal));
    folder.conclude(found.map(({ profiled }) => profiled));
  }
  return found.map(({ slower }) => slower);
}

async function profileCell(
  measuring: Pick<Measuring, 'profileTrial'>,
  { prepared, runs, sides }: MeasuredAb,
  cell: Cell,
  folder: ProfilesFolder,
  listener: Pick<RunListener, 'preparing'>,
  signal: AbortSignal,
) {
  const launches: Record<Side, LaunchProfiles[]> = { base: [], head: [] };
  for (const side of ORDER) {
    listener.preparing(`profiling ${side}: ${cell.id}`);
    const request = sideRequest({ cell, round: 0, attempt: 0 }, prepared[side], []);
    const subject = {
      name: `${cell.id}-${side}`,
      sources: sourcesOf(sides[side], sides.base),
      msPerRequest: typicalMsPerRequest(runs[side].trials, cell.id),
    };
    launches[side].push(await profileLaunch(measuring, request, subject, folder, signal));
  }
  const frames = { base: framesIn(launches.base), head: framesIn(launches.head) };
  const isKnown = SIDES.every((side) => frames[side].length > 0);
  const files = (side: Side): string[] => launches[side].flatMap((launch) => launch.files);
  const missing = SIDES.flatMap((side) =>
    [...new Set(launches[side].flatMap((launch) => launch.missing))].map((why) => `${side}: ${why}`),
  );
  const head = isKnown ? meanOf(frames.head) : null;
  const slower: SlowerCell = {
    cell: cell.id,
    functions: isKnown ? grownFunctions(frames.base, frames.head) : [],
    profiles: { base: files('base'), head: files('head') },
    missing,
  };
  const profiled: ProfiledCell = {
    cell: cell.id,
    files: SIDES.flatMap(files),
    missing,
    functions: head === null ? [] : largestFunctions(head),
    frames: head === null ? null : shownFrames(head, meanOf(frames.base)),
  };
  return { slower, profiled };
}

function framesIn(launches: readonly LaunchProfiles[]): readonly Frame[] {
  return launches.flatMap(({ frames }) => frames ?? []);
}

/** Two files are the same code, whatever they are called. */
function sourcesOf({ subject, workloads: [workload] }: AbSide, { workloads: [ofBase] }: AbSide): Sources {
  switch (subject.kind) {
    case 'folder':
      return sourcesIn([folderRoot(subject.path)]);
    case 'node':
      return sourcesIn([folderRoot(process.cwd())]);
    case 'service':
    case 'scenario': {
      const file = workload?.file ?? '';
      return sourcesIn(fileRoots(file, ofBase?.file ?? file));
    }
    default:
      return subject satisfies never;
  }
}
