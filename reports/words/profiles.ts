/** Where CPU time goes, in plain text. */
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { scenarioTitle } from '../../harness/judge/words.ts';
import type { ProfiledCell, Profiles } from '../../harness/store/profiles-schema.ts';
import { cellNames } from './cells.ts';
import { visible } from './escape.ts';
import { wholePercent } from './figures.ts';
import { shorten } from './wrap.ts';

/** Of a scenario on a terminal. */
const MOST_LINES = 3;
/** Functions of a cell. */
const MOST_NAMED = 3;

/** `render lib/render.js:12`. */
export function functionName({ name, where }: { readonly name: string; readonly where: string }): string {
  return visible(where === '' ? name : `${name} ${where}`);
}

/** With `--detail`, where the own time of functions goes, in a few lines per scenario; empty without profiles. */
export function profilesText(
  profiles: Profiles | null,
  { scenarios }: Pick<Summary, 'scenarios'>,
  { detail, width }: { readonly detail: boolean; readonly width: number },
): string {
  if (profiles === null || !detail) return '';
  const blocks = scenarios.flatMap((scenario) => {
    const names = cellNames(scenario);
    const lines = profiledIn(profiles, scenario).map((cell) =>
      shorten(timeLine(cell, names.get(cell.cell) ?? cell.cell), width),
    );
    const title = shorten(`CPU time by function · ${visible(scenarioTitle(scenario))}`, width);
    return lines.length === 0 ? [] : [[title, ...lines.slice(0, MOST_LINES)].join('\n')];
  });
  return blocks.map((block) => `\n${block}\n`).join('');
}

/** The cells of a scenario that were profiled, in its order. */
export function profiledIn(
  { cells }: Profiles,
  scenario: Pick<Summary['scenarios'][number], 'cells'>,
): readonly ProfiledCell[] {
  return scenario.cells.flatMap(({ id }) => cells.find(({ cell }) => cell === id) ?? []);
}

/** `cluster: stringify views.js:4 22%, (garbage collector) 12%, render views.js:10 9%`. */
function timeLine({ functions, frames, missing }: ProfiledCell, name: string): string {
  if (frames === null) return `${visible(name)}: ${missing.map(visible).join('; ') || NOTHING_SAMPLED}`;
  const largest = functions.slice(0, MOST_NAMED);
  const shares = largest.map((one) => `${functionName(one)} ${wholePercent(one.ms / frames.totalMs)}%`);
  return `${visible(name)}: ${shares.join(', ')}`;
}

export const NOTHING_SAMPLED = 'nothing was sampled';
