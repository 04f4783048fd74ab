/** Apart from what renders them, so that help needs to load nothing else. */
export const BETWEEN_FORMATS = ['text', 'markdown', 'json', 'junit', 'github'] as const;
export type BetweenFormat = (typeof BETWEEN_FORMATS)[number];
