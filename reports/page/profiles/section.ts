/** The profiles on a page: a flame graph of each cell, with a few functions in words. */
import type { Summary } from '../../../harness/judge/schema/summary.ts';
import { scenarioWords } from '../../../harness/judge/words.ts';
import type { ProfiledCell, Profiles } from '../../../harness/store/profiles-schema.ts';
import { cellNames } from '../../words/cells.ts';
import { html } from '../../words/escape.ts';
import { milliseconds, percent } from '../../words/figures.ts';
import { functionName, NOTHING_SAMPLED, profiledIn } from '../../words/profiles.ts';
import { bullets, folded, type Markup, section, softLine } from '../markup.ts';
import { flameGraph } from './flame.ts';

const MOST_FUNCTIONS = 5;
const HOW =
  'From one more trial of each, of which no figure of this report is. Callers are above what they call; the wider, the more of the CPU time of a request. “Itself” is without what it calls.';
const HOW_GREW =
  'Head under the same load, profiled after all that was judged. Callers are above what they call; the wider, the more of the CPU time of a request. Orange takes longer itself than in base, blue takes less.';

/** Where CPU time goes, by scenario and cell; empty without profiles. */
export function profilesSection(profiles: Profiles | null, { scenarios }: Summary): Markup {
  if (profiles === null) return '';
  const parts = scenarios.flatMap((scenario) => {
    const names = cellNames(scenario);
    const cells = profiledIn(profiles, scenario);
    const shown = cells.flatMap((cell) => ofCell(cell, names.get(cell.cell) ?? cell.cell, itself(cell)));
    return cells.length === 0 ? [] : [`<h3>${html(scenarioWords(scenario))}</h3>`, ...shown];
  });
  return parts.length === 0 ? '' : section('profiles', 'Where CPU time goes', [softLine(HOW), ...parts].join('\n'));
}

/** What got slower in the worse cells of an `ab`; null where nothing was profiled. */
export function slowerGraphs({ cells }: Profiles): Markup | null {
  const parts = cells.flatMap((cell) => (cell.frames === null ? [] : ofCell(cell, cell.cell, [])));
  return parts.length === 0 ? null : [softLine(HOW_GREW), ...parts].join('\n');
}

function itself({ functions, frames, missing }: ProfiledCell): readonly string[] {
  if (frames === null) return missing.length === 0 ? [NOTHING_SAMPLED] : missing;
  const largest = functions
    .slice(0, MOST_FUNCTIONS)
    .map((one) => `${functionName(one)}: ${milliseconds(one.ms)} itself, ${percent(one.ms / frames.totalMs)}%`);
  return [...largest, ...missing];
}

function ofCell({ frames, files }: ProfiledCell, name: string, lines: readonly string[]): Markup[] {
  return [
    `<h4>${html(name)}</h4>`,
    ...(lines.length === 0 ? [] : [bullets(lines)]),
    ...(frames === null ? [] : [flameGraph(frames, name)]),
    ...(files.length === 0
      ? []
      : [folded('Files for Chrome DevTools and speedscope', bullets(files.map((file) => `profiles/${file}`)))]),
  ];
}
