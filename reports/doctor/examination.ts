/** What the doctor found, for a terminal. */
import { createColors } from 'picocolors';
import type { Examined } from '../../harness/doctor/examine.ts';
import type { Finding, Level } from '../../harness/doctor/finding.ts';
import { noiseSentence } from '../../harness/doctor/noise/noise.ts';
import { plainTable } from '../terminal/text-table.ts';
import { visible } from '../words/escape.ts';
import { counted, MISSING } from '../words/figures.ts';
import { item, paragraph, WIDTH } from '../words/wrap.ts';

/** A table, what to do, and whether the machine is fit; with colours only where they are asked for. */
export function examinedText(
  examined: Examined,
  { colour, width = WIDTH }: { readonly colour: boolean; readonly width?: number },
): string {
  const c = createColors(colour);
  const paint = { ok: c.green, caution: c.yellow, unfit: c.red } as const satisfies Record<Level, unknown>;
  const rows = examined.findings.map(({ name, value, truth, level }) => [
    name,
    visible(value),
    truth ?? MISSING,
    paint[level](level),
  ]);
  const sentence = noiseSentence(examined.noise);
  const blocks = [
    plainTable({ head: ['check', 'measured', 'true', 'verdict'].map(c.dim), rows, gap: 2 }).join('\n'),
    ...(sentence === null ? [] : [paragraph(sentence, width)]),
    ...nextSteps(examined.findings, width).map(({ level, text }) => paint[level](text)),
    paint[examined.fit ? 'ok' : 'unfit'](paragraph(closing(examined), width)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What to do, worst first; findings that ask for the same are named together. */
function nextSteps(
  findings: readonly Finding[],
  width: number,
): readonly { readonly level: Level; readonly text: string }[] {
  return (['unfit', 'caution'] as const).flatMap((level) => {
    const steps = new Map<string, string[]>();
    for (const finding of findings) {
      if (finding.level !== level || finding.nextStep === null) continue;
      steps.set(finding.nextStep, [...(steps.get(finding.nextStep) ?? []), finding.name]);
    }
    return [...steps].map(([step, names]) => {
      const marker = `${level}: `;
      const indent = ' '.repeat(marker.length);
      return { level, text: `${item(marker, names.join('; '), width)}\n${item(indent, step, width)}` };
    });
  });
}

function closing({ findings, fit }: Examined): string {
  const named = (level: Level): string[] => findings.filter((one) => one.level === level).map(({ name }) => name);
  if (!fit) return `This machine is not fit to measure: ${named('unfit').join('; ')}.`;
  const cautions = named('caution').length;
  return `This machine is fit to measure${cautions === 0 ? '' : `, with ${counted(cautions, 'caution')}`}.`;
}
