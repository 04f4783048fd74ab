/**
 * The words behind a mark: what a reader sees on hovering over it or reaching it with the keyboard, and what a program
 * for the blind reads. A mark without them is decoration.
 */

/** For the `mark` of a layer whose rows have a `description`. */
export const DESCRIBED = { aria: true } as const;

/** For the `encoding` of the same layer. The text begins with the label of the row: `cluster: 181 requests/s …`. */
export const DESCRIPTION = { description: { field: 'description', type: 'nominal' } } as const;
