/** How much of a faint colour is seen: on dark paper it fades sooner than on light. */

/** Below 1, so that what is faintest gains most, and the order of strengths stays. */
const POWER = 0.6;

/** What is fainter than this shades the ground behind the marks, and would come before them if it were stronger. */
const SHADE = 0.17;

/** The opacity that is as visible on dark paper as this one is on light. None stays none, and full full. */
export function onDark(opacity: number): number {
  return opacity < SHADE ? opacity : Math.round(opacity ** POWER * 100) / 100;
}
