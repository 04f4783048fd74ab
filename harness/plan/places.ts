/**
 * Places in a request: `{{n}}` and `{{uuid}}` stand for a number and a UUID that each request has of its own, `{{client}}` for the number
 * of the client that sends it, and `{{visit}}` for how many requests that client has sent with this one.
 */

/** Of one place, with its word. */
export const PLACE = /\{\{\s*(n|uuid|client|visit)\s*\}\}/iu;

export function hasPlaces(text: string): boolean {
  return PLACE.test(text);
}
