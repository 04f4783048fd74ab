/** What `fourways compare` and `fourways ab` print. */
import type { Change } from '../../harness/judge/schema/change.ts';
import type { ChangeFormat } from './formats.ts';
import { changeGithub } from './github.ts';
import { changeJunit } from './junit.ts';
import { changeMarkdown } from './markdown.ts';
import { changeText } from './text.ts';

export type { ChangeFormat } from './formats.ts';

export interface ChangeLook {
  readonly colour: boolean;
  /** What is left open fails as well; for formats that tell a program what failed. */
  readonly strict?: boolean;
}

/** Ends with a line break. */
export function renderChange(change: Change, format: ChangeFormat, { colour, strict = false }: ChangeLook): string {
  switch (format) {
    case 'text':
      return changeText(change, { colour });
    case 'markdown':
      return changeMarkdown(change);
    case 'json':
      return `${JSON.stringify(change, null, 2)}\n`;
    case 'junit':
      return changeJunit(change, { strict });
    case 'github':
      return changeGithub(change, { strict });
    default:
      return format satisfies never;
  }
}
