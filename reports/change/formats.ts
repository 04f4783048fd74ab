/** Apart from what renders them, so that help needs to load nothing else. */
export const CHANGE_FORMATS = ['text', 'markdown', 'json', 'junit', 'github'] as const;
export type ChangeFormat = (typeof CHANGE_FORMATS)[number];
