/** Other colours for a finished specification. */
import type { TopLevelSpec } from 'vega-lite';
import { DARK } from '../drawing/theme.ts';
import type { Theme } from './options.ts';

/** Members that hold a colour. Everything else may be text that only looks like one. */
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

/** Below 1, so that what is faintest gains most, and the order of strengths stays. */
const POWER = 0.6;

/** What is fainter than this shades the ground behind the marks, and would come before them if it were stronger. */
const SHADE = 0.17;

/** The opacity that is as visible on dark paper as this one is on light. None stays none, and full full. */
export function onDark(opacity: number): number {
  return opacity < SHADE ? opacity : Math.round(opacity ** POWER * 100) / 100;
}
