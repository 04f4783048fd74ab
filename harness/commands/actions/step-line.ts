import type { Stream } from '../io.ts';

/** Moves to the start of the line and clears it. */
const CLEAR_LINE = '\r\u001b[2K';

/** One line that is written over on a terminal, and a line each elsewhere. */
export function stepLine(stream: Stream): { show(text: string): void; end(): void } {
  let shown = false;
  return {
    show: (text) => {
      stream.write(stream.isTTY === true ? `${CLEAR_LINE}${text}` : `${text}\n`);
      shown = true;
    },
    end: () => {
      if (shown && stream.isTTY === true) stream.write(CLEAR_LINE);
      shown = false;
    },
  };
}
