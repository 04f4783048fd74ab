/** The folder `profiles` beside a run: a `.cpuprofile` of each process and thread, and `profiles.json`, which says where the time went. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, codeOfFile, UserError } from '../errors.ts';
import { makeFolderIn, writeAnew } from './out-folder.ts';
import { type ProfiledCell, type Profiles, profilesSchema } from './profiles-schema.ts';
import { SCHEMA_VERSION } from './schema.ts';

/** Name of the folder. */
export const PROFILES = 'profiles';
const INDEX = 'profiles.json';

/** Files that are written one after the other, numbered where they have a name in common. */
export class ProfilesFolder {
  readonly path: string;
  readonly #beside: string;
  readonly #counts = new Map<string, number>();

  /** Beside a run. Profiles that are there already are written over. */
  constructor(beside: string) {
    this.#beside = beside;
    this.path = join(beside, PROFILES);
  }

  /** Returns the name of the file, `<of>-<n>.cpuprofile`, where `of` is in letters, digits and hyphens. Throws UserError. */
  write(of: string, profile: unknown): string {
    const base = of.toLowerCase().replace(/[^a-z0-9]+/gu, '-');
    const count = (this.#counts.get(base) ?? 0) + 1;
    this.#counts.set(base, count);
    const name = `${base}-${count}.cpuprofile`;
    this.#write(name, JSON.stringify(profile));
    return name;
  }

  /** Writes and returns what they say. Throws UserError. */
  conclude(cells: readonly ProfiledCell[]): Profiles {
    const profiles: Profiles = { tool: 'fourways', schema: SCHEMA_VERSION, cells: [...cells] };
    this.#write(INDEX, `${JSON.stringify(profiles)}\n`);
    return profiles;
  }

  #write(name: string, text: string): void {
    try {
      writeAnew(join(makeFolderIn(this.#beside, PROFILES), name), text);
    } catch (error) {
      if (codeOfFile(error) === undefined) throw error;
      throw new UserError(
        `${this.path}: profiles cannot be written (${codeOf(error)}); free some space, or leave them out with --profile=false`,
      );
    }
  }
}

/** Of the run in this folder; null when it has none. Throws a UserError when they are damaged. */
export function readProfiles(beside: string): Profiles | null {
  const path = join(beside, PROFILES, INDEX);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const parsed = profilesSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new UserError(`${path} is damaged, or of another version; delete it, and the report goes without profiles`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
