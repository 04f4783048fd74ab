/** Other colours for a finished specification. */
import type { TopLevelSpec } from 'vega-lite';
import { DARK } from './charts/theme.ts';
import type { Theme } from './images.ts';

/** Members that hold a colour. Everything else may be text that only looks like one. */
const COLOURED = /^(?:background|fill|stroke|colou?r|[a-z]+Color)$/u;

/** The specification in the colours of a theme. */
export function themed(spec: TopLevelSpec, theme: Theme): TopLevelSpec {
  switch (theme) {
    case 'light':
      return spec;
    case 'dark':
      return recoloured(spec, false);
    default:
      return theme satisfies never;
  }
}

/** A copy of the same shape. Within a coloured member, `{ value: … }` holds the colour. */
function recoloured<T>(value: T, isColour: boolean): T;
function recoloured(value: unknown, isColour: boolean): unknown {
  if (typeof value === 'string') return isColour ? (DARK.get(value) ?? value) : value;
  if (Array.isArray(value)) return value.map((each) => recoloured(each, isColour));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      recoloured(each, COLOURED.test(key) || (isColour && key === 'value')),
    ]),
  );
}
