import { createColors } from 'picocolors';
import type { ScenarioSummary, Summary } from '../harness/judge/summary-schema.ts';
import { conditions, limitLine, machineLine, scenarioTitle } from './cells.ts';
import { hintsOf } from './comparison-lines.ts';
import { visible } from './escape.ts';
import { latencyBlocks } from './latency-text.ts';
import { failureCounts, IMPLIED_NOTE, resultTable } from './result-table.ts';
import { resultsOf } from './table.ts';
import { type Colours, textTable } from './text-table.ts';
import { wrap, wrapItem } from './wrap.ts';

const WIDTH = 100;

/** The report for a terminal: at most 100 columns wide, with colours only where they are asked for. */
export function textReport(summary: Summary, { colour }: { readonly colour: boolean }): string {
  const c = createColors(colour);
  const blocks = [
    ...summary.scenarios.flatMap((scenario) => [scenarioBlock(scenario, c), ...latencyBlocks(scenario, WIDTH, c)]),
    [...wrap(visible(machineLine(summary)), WIDTH), ...impliedNote(summary)].map(c.dim).join('\n'),
    ...closing(summary, c),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function scenarioBlock(scenario: ScenarioSummary, c: Colours): string {
  const rest = conditions(scenario).join(' · ');
  const title = visible(scenarioTitle(scenario, '  '));
  const limit = scenario.limit === null ? [] : wrap(limitLine(scenario.limit), WIDTH).map(c.dim);
  // `wrap` would fold the two spaces, which keep the name apart from its parameters, so only long titles are wrapped.
  const oneLine = `${title} · ${rest}`;
  const heading = oneLine.length <= WIDTH ? [`${c.bold(title)} · ${rest}`] : wrap(oneLine, WIDTH).map(c.bold);
  const sentence = wrap(visible(scenario.sentence), WIDTH).join('\n');
  const hints = hintsOf(scenario).map((hint) => wrapItem('hint: ', visible(hint), WIDTH));
  return [...heading, ...limit, '', textTable(resultTable(scenario), WIDTH, c), '', sentence, ...hints].join('\n');
}

function impliedNote({ scenarios }: Summary): string[] {
  return scenarios.some((scenario) => resultsOf(scenario).length > 0) ? wrap(IMPLIED_NOTE, WIDTH) : [];
}

function closing(summary: Summary, c: Colours): string[] {
  const blocks: string[] = [];
  if (!summary.complete) blocks.push(c.yellow('The run is not complete: not every planned trial was measured.'));
  for (const { message, nextStep } of summary.warnings) {
    const step = wrapItem('         ', visible(nextStep), WIDTH);
    blocks.push(`${c.yellow(wrapItem('warning: ', visible(message), WIDTH))}\n${step}`);
  }
  const failures = failureCounts(summary.failures).map((line) => c.red(wrapItem('  ', visible(line), WIDTH)));
  if (failures.length > 0) blocks.push(failures.join('\n'));
  return blocks;
}
