import type { Limit } from '../../../harness/store/schema.ts';
import type { Layer } from '../../drawing/frame.ts';
import { INK } from '../../drawing/theme.ts';
import { limitLine } from '../../words/cells.ts';

/** Beyond this multiple of the best result the line would squeeze all bars to stubs, and is told in words instead. */
const FARTHEST = 5;

/** Whether the physical limit is near enough to be drawn. */
export function limitShown(limit: Limit, highest: number): boolean {
  return limit.requestsPerSec <= highest * FARTHEST;
}

/** The limit as the end of a sentence for people who do not see the line. */
export function limitSentence(limit: Limit): string {
  return limitLine(limit).replace(/^p/u, 'P');
}

/** A dashed line at the limit with a label that says where it comes from. */
export function limitLayers(limit: Limit, axisEnd: number, plotWidth: number): Layer[] {
  const shown = limit.requestsPerSec <= axisEnd;
  const at = shown ? (limit.requestsPerSec / axisEnd) * plotWidth : plotWidth;
  const flushRight = at > plotWidth * 0.55;
  const label: Layer = {
    data: { values: [{}] },
    mark: {
      type: 'text',
      text: shown ? limitLine(limit) : `${limitLine(limit)}, beyond this axis →`,
      align: flushRight ? 'right' : 'left',
      fontWeight: 'bold',
      color: INK.strong,
    },
    encoding: { x: { value: flushRight ? at + 4 : at - 4 }, y: { value: -36 } },
  };
  if (!shown) return [label];
  const line: Layer = {
    data: { values: [{}] },
    mark: { type: 'rule', color: INK.strong, strokeWidth: 1.8, strokeDash: [6, 4] },
    encoding: { x: { value: at }, y: { value: -26 }, y2: { value: 'height' } },
  };
  return [line, label];
}
