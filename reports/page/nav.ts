import type { Summary } from '../../harness/judge/summary-schema.ts';
import type { Markup } from './markup.ts';

/** Links to the parts of the page, with how much there is of what a reader would rather not find. */
export function navigation({ warnings, failures }: Summary): Markup {
  const links = [
    ['answer', 'Answer'],
    ['charts', 'Charts'],
    ['tables', 'Tables'],
    ['method', 'Method'],
    ['environment', 'Environment'],
    ['warnings', `Warnings${count(warnings)}`],
    ['failures', `Failed trials${count(failures)}`],
  ] as const;
  const items = links.map(([anchor, text]) => `<li><a href="#${anchor}">${text}</a></li>`);
  return `<nav aria-label="Parts of this report"><ul>\n${items.join('\n')}\n</ul></nav>`;
}

function count(items: readonly unknown[]): Markup {
  return items.length === 0 ? '' : ` <span class="count">${items.length}</span>`;
}
