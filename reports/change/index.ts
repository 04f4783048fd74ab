/** What `fourways compare` and `fourways ab` print. */
import type { Between } from '../../harness/judge/schema/change.ts';
import type { BetweenFormat } from './formats.ts';
import { githubBetween } from './github.ts';
import { junitBetween } from './junit.ts';
import { markdownBetween } from './markdown.ts';
import { textBetween } from './text.ts';

export type { BetweenFormat } from './formats.ts';

export interface BetweenLook {
  readonly colour: boolean;
  /** What is left open fails as well; for formats that tell a program what failed. */
  readonly strict?: boolean;
}

/** Ends with a line break. */
export function renderBetween(
  between: Between,
  format: BetweenFormat,
  { colour, strict = false }: BetweenLook,
): string {
  switch (format) {
    case 'text':
      return textBetween(between, { colour });
    case 'markdown':
      return markdownBetween(between);
    case 'json':
      return `${JSON.stringify(between, null, 2)}\n`;
    case 'junit':
      return junitBetween(between, { strict });
    case 'github':
      return githubBetween(between, { strict });
    default:
      return format satisfies never;
  }
}
