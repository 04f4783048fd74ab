/** Shapes that tell settings of one model apart, which share its colour: the same setting has the same shape in all models. */

import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { capital } from '../../harness/judge/words.ts';
import { cellName, type Setting } from '../words/cells.ts';

export type Shape = 'circle' | 'square' | 'diamond' | 'triangle-up';

interface SettingShapes {
  readonly shapeOf: (cell: Setting) => Shape;
  /** `Circle: before. Square: after.`; none where shapes say nothing, or not one thing each. */
  readonly notes: readonly string[];
}

const SHAPES = ['circle', 'square', 'diamond', 'triangle-up'] as const;
const WORDS = { circle: 'circle', square: 'square', diamond: 'diamond', 'triangle-up': 'triangle' } as const;

/** Of these cells, in their order. */
export function settingShapes(cells: readonly Setting[], scenario: ScenarioSummary): SettingShapes {
  const nameOf = (cell: Setting): string =>
    cellName(cell, scenario.cells).slice(cell.model.length).replace(/^ · /u, '');
  const settings = [...new Set(cells.map(nameOf))];
  const shapeAt = (i: number): Shape => SHAPES[i % SHAPES.length] ?? 'circle';
  const told = settings.flatMap((setting, i) => (setting === '' ? [] : [`${capital(WORDS[shapeAt(i)])}: ${setting}.`]));
  return {
    shapeOf: (cell) => shapeAt(settings.indexOf(nameOf(cell))),
    notes: settings.length < 2 || settings.length > SHAPES.length || told.length === 0 ? [] : [told.join(' ')],
  };
}
