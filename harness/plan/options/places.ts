/** `{{n}}` and `{{uuid}}` in a request: places for a number and a UUID that each request has of its own. */

/** Of one place, with its word. */
export const PLACE = /\{\{\s*(n|uuid)\s*\}\}/iu;

export function hasPlaces(text: string): boolean {
  return PLACE.test(text);
}
