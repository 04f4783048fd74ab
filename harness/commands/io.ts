import type { writeReport } from '../../reports/write.ts';

/** Where a command writes: results to `out`, progress and warnings to `err`. Injected, so that a test can listen. */
export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

export interface Io {
  readonly out: Stream;
  readonly err: Stream;
  readonly now: () => Date;
  /** In the place of drawing, which takes seconds, where a test is about something else. */
  readonly writeReport?: typeof writeReport;
}
