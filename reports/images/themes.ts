/** Light and dark: the colours of the page, and those of a specification that was made in light colours. */
import type { TopLevelSpec } from 'vega-lite';
import { config, DARK, INK } from '../drawing/theme.ts';
import type { Theme } from './options.ts';

interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** The colours of the page by their purpose. Those of the charts are among them, so that page and images match. */
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

function ofCharts(light: string): Colour {
  return { light, dark: DARK.get(light) ?? light };
}

/** The CSS variable of a colour of the charts, given as `#rrggbb` in light. */
export function cssName(light: string): string {
  return `--c-${light.slice(1)}`;
}

/** The CSS variable that is 1 on dark paper and 0 on light, for values that are calculated. */
export const IS_DARK = '--dark';

/** The variables that `page.css` and the images of the page use. Paper is white in print, whatever the screen is. */
export const PALETTE_CSS = `
:root { color-scheme: light; --font: ${config.font}; ${IS_DARK}: 0; ${declarations(({ light }) => light)} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${IS_DARK}: 1; ${declarations(({ dark }) => dark)} } }
`;

function declarations(pick: (colour: Colour) => string): string {
  const own = Object.entries(PALETTE).map(([name, colour]) => `--${name}: ${pick(colour)};`);
  const charts = [...DARK].map(([light, dark]) => `${cssName(light)}: ${pick({ light, dark })};`);
  return [...own, ...charts].join(' ');
}

/** Members of a specification that hold a colour. Everything else may be text that only looks like one. */
const COLOURED = /^(?:background|fill|stroke|colou?r|[a-z]+Color)$/u;

/** Members that hold an opacity, of marks and in data. */
const FAINT = /^(?:opacity|fillOpacity|strokeOpacity|density)$/u;

type Kind = 'colour' | 'opacity' | 'other';

/** The specification in the colours of a theme. */
export function themed(spec: TopLevelSpec, theme: Theme): TopLevelSpec {
  switch (theme) {
    case 'light':
      return spec;
    case 'dark':
      return recoloured(spec, 'other');
    default:
      return theme satisfies never;
  }
}

/** A copy of the same shape. Within a coloured member, `{ value: … }` holds the colour; likewise with opacities. */
function recoloured<T>(value: T, kind: Kind): T;
function recoloured(value: unknown, kind: Kind): unknown {
  if (typeof value === 'string') return kind === 'colour' ? (DARK.get(value) ?? value) : value;
  if (typeof value === 'number') return kind === 'opacity' ? onDark(value) : value;
  if (Array.isArray(value)) return value.map((each) => recoloured(each, kind));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, recoloured(each, key === 'value' ? kind : kindOf(key))]),
  );
}

function kindOf(member: string): Kind {
  if (COLOURED.test(member)) return 'colour';
  return FAINT.test(member) ? 'opacity' : 'other';
}

/** Below 1, so that the faintest gains most, and the order of strengths stays. */
const POWER = 0.6;

/** Anything fainter shades the ground behind the marks; made stronger, it would stand out before them. */
const SHADE = 0.17;

/** The opacity that is as visible on dark paper as this one is on light. 0 stays 0, and 1 stays 1. */
export function onDark(opacity: number): number {
  return opacity < SHADE ? opacity : Math.round(opacity ** POWER * 100) / 100;
}
