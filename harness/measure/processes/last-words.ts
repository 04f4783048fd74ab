/** What a process wrote before it ended, and which line of it tells why. */
import { closeSync, fstatSync, openSync, readSync, rmSync, truncateSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Several workers share a file, and the others go on writing while one crashes. */
const KEPT_BYTES = 256 * 1024;
/** A file is cut when it is longer than this. */
const CUT_BYTES = 4 * 2 ** 20;
const TELL_EVERY_MS = 100;
/** Told at once; nobody reads more. */
const MOST_TOLD_BYTES = 16 * 2 ** 20;

/**
 * Standard output and standard error of a process and of all that it starts, in a file: a pipe would block a server that
 * writes much, or cost whoever reads it CPU time that belongs to what is measured.
 */
export class WordsFile {
  readonly #path: string;
  readonly #reader: number;
  /** What was read before the file was cut or deleted. */
  #before = Buffer.alloc(0);
  /** Up to where the listener has been told; bytes from the beginning of the file. */
  #told = 0;
  #listener: { readonly tell: (text: string) => void; readonly timer: NodeJS.Timeout } | null = null;
  readonly #decoder = new StringDecoder('utf8');
  #isOpen = true;

  /** Creates the file. */
  constructor(path: string) {
    this.#path = path;
    closeSync(this.openToWrite());
    this.#reader = openSync(path, 'r');
  }

  /** A descriptor to be handed to the process and closed. What is appended stays in order when the file is cut. */
  openToWrite(): number {
    return openSync(this.#path, 'a', 0o600);
  }

  /** The last of it, up to 256 KiB. */
  text(): string {
    return this.#last().toString('utf8').trim();
  }

  /** From now on `tell` hears what is written, a tenth of a second late at most. */
  follow(tell: (text: string) => void): void {
    this.#listener = { tell, timer: setInterval(() => this.#tell(), TELL_EVERY_MS) };
  }

  /** Keeps the file short. To be called from time to time. */
  cut(): void {
    if (!this.#isOpen || fstatSync(this.#reader).size <= CUT_BYTES) return;
    this.#tell();
    this.#before = this.#last();
    truncateSync(this.#path);
    this.#told = 0;
  }

  /** Reads for the last time, and deletes the file. */
  close(): void {
    if (!this.#isOpen) return;
    this.#tell();
    clearInterval(this.#listener?.timer);
    this.#before = this.#last();
    this.#isOpen = false;
    closeSync(this.#reader);
    rmSync(this.#path, { force: true });
  }

  #last(): Buffer<ArrayBuffer> {
    if (!this.#isOpen) return this.#before;
    const { size } = fstatSync(this.#reader);
    const now = this.#read(Math.max(0, size - KEPT_BYTES), size);
    return Buffer.concat([this.#before, now]).subarray(-KEPT_BYTES);
  }

  #tell(): void {
    if (this.#listener === null) return;
    const { size } = fstatSync(this.#reader);
    const from = Math.max(this.#told, size - MOST_TOLD_BYTES);
    this.#told = size;
    if (size > from) this.#listener.tell(this.#decoder.write(this.#read(from, size)));
  }

  #read(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(to - from);
    return bytes.subarray(0, readSync(this.#reader, bytes, 0, bytes.length, from));
  }
}

// As Node.js and V8 print them: `TypeError: …`, `TypeError [ERR_…]: …`, `[UnhandledPromiseRejection: …`, `FATAL ERROR: …`.
const NAMES_AN_ERROR =
  /^(?:FATAL ERROR: |# Fatal |\[?(?:Uncaught )?(?:[A-Za-z_$][\w$.]*)?(?:Error|Exception|Rejection)\b)/;
/** What stands around an error and says nothing of it. */
const AROUND = /^(?:\s+at |\s*[\^}\]]|Node\.js v\d|\(Use `node |\s*$)/;

/** The line that names the error in the last crash report, or in the last error that was printed; null without one. */
export function errorLine(words: string): string | null {
  // A nested cause is indented.
  const line = words.split('\n').findLast((text) => NAMES_AN_ERROR.test(text));
  return line === undefined ? null : shortened(line);
}

/**
 * How a process ended, with what it said of it: `exit code 1: TypeError: …`. Without an error to name, the last line that was
 * written tells something where the process chose to end, and nothing where it was killed.
 */
export function endText(how: string, words: string): string {
  const named = errorLine(words);
  if (named !== null) return `${how}: ${named}`;
  const last = how.startsWith('exit code') ? words.split('\n').findLast((text) => !AROUND.test(text)) : undefined;
  return last === undefined ? how : `${how}: ${shortened(last)}`;
}

const LONGEST_LINE = 300;

function shortened(line: string): string {
  const text = line.trim();
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}
