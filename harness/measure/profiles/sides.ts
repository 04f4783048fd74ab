/** What got slower in head: both sides of the worse cells profiled under the same load, after `ab` has measured. */
import { compareSides, isComparable } from '../../judge/change/open.ts';
import { type Frame, meanOf, type Sources } from '../../judge/profiles/frames.ts';
import { grownFunctions } from '../../judge/profiles/growth.ts';
import { largestFunctions, shownFrames } from '../../judge/profiles/shown.ts';
import { slowerCells } from '../../judge/profiles/slower-cells.ts';
import type { SlowerCell } from '../../judge/schema/change.ts';
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import { PROFILES, type ProfilesFolder } from '../../store/profiles-folder.ts';
import type { ProfiledCell, Profiles } from '../../store/profiles-schema.ts';
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
}

export interface Slower {
  readonly cells: readonly SlowerCell[];
  readonly profiles: Profiles;
  /** What could not be found out, a line each. */
  readonly notes: readonly string[];
}

/** Null when no cell is worse in what profiles explain. Throws a UserError when the folder cannot be written. */
export async function profileSlower(
  measuring: Pick<Measuring, 'profileTrial'>,
  measured: MeasuredAb,
  folder: ProfilesFolder,
  listener: Pick<RunListener, 'preparing'>,
  signal: AbortSignal,
): Promise<Slower | null> {
  const { runs } = measured;
  if (runs.base.end?.reason !== 'complete' || !isComparable(runs)) return null;
  const ids = slowerCells(compareSides(runs, { base: SIDES[0], head: SIDES[1] }));
  const { manifest, additions } = runs.base;
  const cells = [...manifest.cells, ...additions.flatMap((addition) => addition.cells)];
  const found: ProfiledSides[] = [];
  for (const id of ids) {
    const cell = cells.find((one) => one.id === id);
    if (cell !== undefined) found.push(await profileSides(measuring, measured, cell, folder, listener, signal));
  }
  if (found.length === 0) return null;
  return {
    cells: found.map(({ slower }) => slower),
    profiles: folder.conclude(found.map(({ profiled }) => profiled)),
    notes: found.flatMap(({ profiled }) => notesOf(profiled)),
  };
}

interface ProfiledSides {
  readonly slower: SlowerCell;
  readonly profiled: ProfiledCell;
}

async function profileSides(
  measuring: Pick<Measuring, 'profileTrial'>,
  { prepared, runs, sides }: MeasuredAb,
  cell: Cell,
  folder: ProfilesFolder,
  listener: Pick<RunListener, 'preparing'>,
  signal: AbortSignal,
): Promise<ProfiledSides> {
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
  const [base, head] = [framesIn(launches.base), framesIn(launches.head)];
  const isKnown = base.length > 0 && head.length > 0;
  const files = (side: Side): string[] => launches[side].flatMap((launch) => launch.files);
  const paths = (side: Side): string[] => files(side).map((file) => `${PROFILES}/${file}`);
  const functions = isKnown ? grownFunctions(base, head) : [];
  return {
    slower: { cell: cell.id, functions: [...functions], profiles: { base: paths('base'), head: paths('head') } },
    profiled: {
      cell: cell.id,
      files: SIDES.flatMap(files),
      missing: SIDES.flatMap((side) => missingOf(side, launches[side])),
      functions: isKnown ? largestFunctions(meanOf(head)) : [],
      frames: isKnown ? shownFrames(meanOf(head), meanOf(base)) : null,
    },
  };
}

function framesIn(launches: readonly LaunchProfiles[]): readonly Frame[] {
  return launches.flatMap(({ frames }) => frames ?? []);
}

function missingOf(side: Side, launches: readonly LaunchProfiles[]): string[] {
  return [...new Set(launches.flatMap(({ missing }) => missing))].map((why) => `${side}: ${why}`);
}

/** In words of a note on the change. */
function notesOf({ cell, missing, frames }: ProfiledCell): readonly string[] {
  const lacking = frames === null ? 'what got slower is not known' : 'a profile is missing';
  return missing.map((why) => `${cell}: ${lacking}, ${why}`);
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
