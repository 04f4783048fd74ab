/** What the doctor found, for a terminal. */
import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { Examined } from '../../harness/doctor/examine.ts';
import type { Finding, Level } from '../../harness/doctor/finding.ts';
import { noiseSentence } from '../../harness/doctor/noise/noise.ts';
import { BORDERS } from '../terminal/text-table.ts';
import { visible } from '../words/escape.ts';
import { MISSING } from '../words/figures.ts';
import { wrap, wrapItem } from '../words/wrap.ts';

const WIDTH = 100;

/** A table, what to do, and whether the machine is fit; with colours only where they are asked for. */
export function examinedText(examined: Examined, { colour }: { readonly colour: boolean }): string {
  const c = createColors(colour);
  const paint = { ok: c.green, caution: c.yellow, unfit: c.red } as const satisfies Record<Level, unknown>;
  const table = new Table({
    head: ['check', 'measured', 'true', 'verdict'].map(c.dim),
    chars: BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: true },
  });
  for (const { name, value, truth, level } of examined.findings) {
    table.push([name, visible(value), truth ?? MISSING, paint[level](level)]);
  }
  const sentence = noiseSentence(examined.noise);
  const blocks = [
    table.toString().replace(/ +$/gm, ''),
    ...(sentence === null ? [] : [wrap(sentence, WIDTH).join('\n')]),
    ...nextSteps(examined.findings).map(({ level, text }) => paint[level](text)),
    paint[examined.fit ? 'ok' : 'unfit'](wrap(closing(examined), WIDTH).join('\n')),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What to do, worst first; findings that ask for the same are named together. */
function nextSteps(findings: readonly Finding[]): readonly { readonly level: Level; readonly text: string }[] {
  return (['unfit', 'caution'] as const).flatMap((level) => {
    const steps = new Map<string, string[]>();
    for (const finding of findings) {
      if (finding.level !== level || finding.nextStep === null) continue;
      steps.set(finding.nextStep, [...(steps.get(finding.nextStep) ?? []), finding.name]);
    }
    return [...steps].map(([step, names]) => {
      const marker = `${level}: `;
      const indent = ' '.repeat(marker.length);
      return { level, text: `${wrapItem(marker, names.join('; '), WIDTH)}\n${wrapItem(indent, step, WIDTH)}` };
    });
  });
}

function closing({ findings, fit }: Examined): string {
  const named = (level: Level): string[] => findings.filter((one) => one.level === level).map(({ name }) => name);
  if (!fit) return `This machine is not fit to measure: ${named('unfit').join('; ')}.`;
  const cautions = named('caution').length;
  if (cautions === 0) return 'This machine is fit to measure.';
  return `This machine is fit to measure, with ${cautions} caution${cautions === 1 ? '' : 's'}.`;
}
