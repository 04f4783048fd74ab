/** The output formats of every command. What renders them is loaded when it is used. */
import type { Resolution } from '../../reports/doctor/resolution.ts';
import type { Several } from '../../reports/words/runs.ts';
import type { Io } from '../command-line/command.ts';
import { GROUP, text } from '../command-line/flags.ts';
import type { Examined } from '../doctor/examine.ts';
import type { Change } from '../judge/schema/change.ts';
import type { Summary } from '../judge/schema/summary.ts';

export interface Look {
  readonly colour: boolean;
  /** What is undecided counts as a failure, in formats that programs read. */
  readonly strict: boolean;
  /** A report on a terminal has every pair of models as well. */
  readonly pairs?: boolean;
}

/** By name, each as a function that renders a result; the text ends with a line break. */
export type Formats<T> = Readonly<Record<string, (result: T, look: Look) => Promise<string>>>;

export const json = async (result: unknown): Promise<string> => `${JSON.stringify(result, null, 2)}\n`;

/** What `fourways run` and `fourways report` print: a summary, and those of the single runs that it is of. */
export interface Summarised {
  readonly summary: Several<Summary>;
  readonly runs: readonly Summary[];
}

export const summaryFormats: Formats<Summarised> = {
  text: async ({ summary }, look) => {
    const { textReport } = await import('../../reports/terminal/report.ts');
    const { requirementsText } = await import('../../reports/words/requirements.ts');
    return textReport(summary, look) + requirementsText(summary.requirements, look);
  },
  // Several runs side by side are something to look at, and not a summary.
  json: ({ runs }) => json(runs.length === 1 ? runs[0] : runs),
  markdown: async ({ summary }) => {
    const { markdownReport } = await import('../../reports/markdown.ts');
    const { requirementsMarkdown } = await import('../../reports/words/requirements.ts');
    return markdownReport(summary) + requirementsMarkdown(summary.requirements);
  },
};

/** Of `fourways ab` and `fourways compare`. */
export const changeFormats: Formats<Change> = {
  text: async (change, look) => (await import('../../reports/change/text.ts')).changeText(change, look),
  markdown: async (change) => (await import('../../reports/change/markdown.ts')).changeMarkdown(change),
  json,
  junit: async (change, look) => (await import('../../reports/change/junit.ts')).changeJunit(change, look),
  github: async (change, look) => (await import('../../reports/change/github.ts')).changeGithub(change, look),
};

/** Of `fourways doctor`. */
export const examinationFormats: Formats<Examined> = {
  text: async (examined, look) => (await import('../../reports/doctor/examination.ts')).examinedText(examined, look),
  json,
};

/** Of `fourways doctor --noise`. */
export const noiseFormats: Formats<Resolution> = {
  text: async (resolution, look) =>
    (await import('../../reports/doctor/resolution.ts')).resolutionText(resolution, look),
  json,
};

/** The flag that chooses among them. */
export function formatFlag(formats: Formats<never>) {
  const choices = Object.keys(formats);
  const describe = `What stdout gets: ${choices.join(', ')}; default: text`;
  return {
    ...text,
    group: GROUP.output,
    takes: '<name>',
    choices,
    values: choices,
    default: 'text',
    describe,
  } as const;
}

/** The format, and the flags that bear on it. */
interface Chosen extends Partial<Record<'strict' | 'pairs', boolean | undefined>> {
  readonly format: string;
}

/** Prints a result on stdout, in colour where a terminal shows it and NO_COLOR does not forbid it. */
export async function print<T>(
  result: T,
  formats: Formats<T>,
  { format, strict = false, pairs = false }: Chosen,
  { out }: Io,
): Promise<void> {
  const render = formats[format];
  if (render === undefined) throw new RangeError(`--format ${format}: the parser lets no other pass`);
  const colour = out.isTTY === true && process.env['NO_COLOR'] === undefined;
  out.write(await render(result, { colour, strict, pairs }));
}
