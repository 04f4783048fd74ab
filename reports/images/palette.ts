/** The colours of the page: those of its charts, and a few of its own, in light and in dark. */
import { DARK, INK } from '../drawing/theme.ts';

interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** A colour of the charts, so that page and images are one. */
function ofCharts(light: string): Colour {
  return { light, dark: DARK.get(light) ?? light };
}

/** By what they are for. */
export const PALETTE = {
  ink: ofCharts(INK.strong),
  soft: ofCharts(INK.quiet),
  line: ofCharts(INK.grid),
  paper: ofCharts(INK.paper),
  /** At an edge beyond which there is more. */
  shade: { light: '#16202a40', dark: '#f2f5f83c' },
  /** Behind what stands apart. */
  wash: { light: '#f5f7f9', dark: '#1b242d' },
  link: { light: '#005a9c', dark: '#7cc0f5' },
  mark: { light: '#8a4b00', dark: '#f0b46a' },
  bad: { light: '#a3231f', dark: '#ff9d94' },
} as const satisfies Record<string, Colour>;

/** The name in CSS of a colour of the charts, given as `#rrggbb` in light. */
export function cssName(light: string): string {
  return `--c-${light.slice(1)}`;
}

/** 1 on dark paper and 0 on light, for what is reckoned. */
export const IS_DARK = '--dark';

/** Paper is white in print, whatever the screen is. */
export const PALETTE_CSS = `
:root { color-scheme: light; ${IS_DARK}: 0; ${declarations(({ light }) => light)} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${IS_DARK}: 1; ${declarations(({ dark }) => dark)} } }
`;

function declarations(pick: (colour: Colour) => string): string {
  const own = Object.entries(PALETTE).map(([name, colour]) => `--${name}: ${pick(colour)};`);
  const charts = [...DARK].map(([light, dark]) => `${cssName(light)}: ${pick({ light, dark })};`);
  return [...own, ...charts].join(' ');
}
