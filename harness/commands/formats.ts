/** The output formats of every command. What renders them is loaded when it is used. */
import type { Resolution } from '../../reports/doctor/resolution.ts';
import { json as jsonText } from '../../reports/words/escape.ts';
import type { Several } from '../../reports/words/runs.ts';
import { WIDTH } from '../../reports/words/wrap.ts';
import type { Io, Stream } from '../command-line/command.ts';
import { GROUP, text } from '../command-line/flags.ts';
import type { Costs } from '../costs/costs.ts';
import type { Examined } from '../doctor/examine.ts';
import type { Change } from '../judge/schema/change.ts';
import type { HistoryView } from '../judge/schema/history.ts';
import type { Summary } from '../judge/schema/summary.ts';
import type { Profiles } from '../store/profiles-schema.ts';

export interface Look {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** What is undecided counts as a failure, in formats that programs read. */
  readonly strict: boolean;
  /** A report on a terminal has its tables as well. */
  readonly detail: boolean;
}

/** By name, each as a function that renders a result; the text ends with a line break. */
export type Formats<T> = Readonly<Record<string, (result: T, look: Look) => Promise<string>>>;

export const json = async (result: unknown): Promise<string> => `${jsonText(result)}\n`;

/** What `fourways run` and `fourways report` print: a summary, and those of the single runs that it is of. */
export interface Summarised {
  readonly summary: Several<Summary>;
  readonly runs: readonly Summary[];
  /** Where its CPU time goes; null of a run that was not profiled. */
  readonly profiles?: Profiles | null | undefined;
}

export const summaryFormats: Formats<Summarised> = {
  text: async ({ summary, profiles = null }, look) => {
    const { textReport } = await import('../../reports/terminal/report.ts');
    const { profilesText } = await import('../../reports/words/profiles.ts');
    const { requirementsText } = await import('../../reports/words/requirements.ts');
    return (
      textReport(summary, look) + profilesText(profiles, summary, look) + requirementsText(summary.requirements, look)
    );
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

/** Of `fourways history`. */
export const historyFormats: Formats<HistoryView> = {
  text: async (view, look) => (await import('../../reports/history/text.ts')).historyText(view, look),
  markdown: async (view) => (await import('../../reports/history/markdown.ts')).historyMarkdown(view),
  json,
  'github-action-benchmark': async (view) => (await import('../../reports/history/exports.ts')).actionBenchmark(view),
  bencher: async (view) => (await import('../../reports/history/exports.ts')).bencherMetrics(view),
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

/** Of `fourways costs`. */
export const costFormats: Formats<Costs> = {
  text: async (costs, look) => (await import('../../reports/costs.ts')).costsText(costs, look),
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
interface Chosen extends Partial<Record<'strict' | 'detail', boolean | undefined>> {
  readonly format: string;
}

/** Prints a result on stdout, as wide and as colourful as it is to be. */
export async function print<T>(
  result: T,
  formats: Formats<T>,
  { format, strict = false, detail = false }: Chosen,
  { out }: Io,
): Promise<void> {
  const render = formats[format];
  if (render === undefined) throw new RangeError(`--format ${format}: the parser lets no other pass`);
  const text = await render(result, { colour: isColourful(out, process.env), width: columnsOf(out), strict, detail });
  if (format === 'github' && out.writeCommands !== undefined) out.writeCommands(text);
  else out.write(text);
}

/**
 * Whether what is written there is in colour: on a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is a dumb
 * one; into a pipe where FORCE_COLOR asks for it, of which 0 and false mean no.
 */
export function isColourful(
  { isTTY }: Pick<Stream, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR = '', FORCE_COLOR, TERM } = env;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY === true && TERM !== 'dumb';
}

const NARROWEST = 40;
const WIDEST = 200;

/** How wide lines may be there: as the terminal is, within what can be read; as for a common terminal where it does not tell. */
export function columnsOf({ columns = 0 }: Pick<Stream, 'columns'>): number {
  return columns === 0 ? WIDTH : Math.min(Math.max(columns, NARROWEST), WIDEST);
}
