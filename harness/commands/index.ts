/** The commands, in the order of `fourways --help`. Adding one is a file and a line. */
import type { Command } from '../command-line/command.ts';

export const commands = {
  run: () => import('./run.ts'),
  init: () => import('./init.ts'),
  ab: () => import('./ab.ts'),
  report: () => import('./report.ts'),
  compare: () => import('./compare.ts'),
  history: () => import('./history.ts'),
  list: () => import('./list.ts'),
  serve: () => import('./serve.ts'),
  costs: () => import('./costs.ts'),
  doctor: () => import('./doctor.ts'),
} satisfies Readonly<Record<string, () => Promise<{ readonly default: Command }>>>;
