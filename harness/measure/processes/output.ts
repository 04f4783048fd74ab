/** What a process wrote before it ended, and which line of it says why. */
import { closeSync, fstatSync, openSync, readSync, rmSync, truncateSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Several workers share a file, and the others go on writing while one crashes. */
const RECENT_BYTES = 256 * 1024;
/** A longer file is trimmed. */
const TRIM_BYTES = 4 * 2 ** 20;
const FOLLOW_EVERY_MS = 100;
/** The most that a follower gets at once; nobody reads more. */
const FOLLOW_BYTES = 16 * 2 ** 20;

/**
 * Standard output and standard error of a process and its descendants, in a file: a pipe would block a server that writes
 * much, or cost its reader CPU time that belongs to what is measured.
 */
export class OutputFile {
  readonly #path: string;
  readonly #reader: number;
  /** What was read before the file was trimmed or deleted. */
  #before = Buffer.alloc(0);
  /** How far the follower has read, in bytes from the beginning of the file. */
  #followedTo = 0;
  #follower: { readonly onText: (text: string) => void; readonly timer: NodeJS.Timeout } | null = null;
  readonly #decoder = new StringDecoder('utf8');
  #isOpen = true;

  /** Creates the file. */
  constructor(path: string) {
    this.#path = path;
    closeSync(this.openToWrite());
    this.#reader = openSync(path, 'r');
  }

  /** A descriptor to be handed to the process and closed. It appends, so the order survives a trim. */
  openToWrite(): number {
    return openSync(this.#path, 'a', 0o600);
  }

  /** The last 256 KiB. */
  text(): string {
    return this.#recent().toString('utf8').trim();
  }

  /** From now on `onText` is called with what is written, at most 100 ms late. */
  follow(onText: (text: string) => void): void {
    this.#follower = { onText, timer: setInterval(() => this.#passOn(), FOLLOW_EVERY_MS) };
  }

  /** Keeps the file short. To be called from time to time. */
  trim(): void {
    if (!this.#isOpen || fstatSync(this.#reader).size <= TRIM_BYTES) return;
    this.#passOn();
    this.#before = this.#recent();
    truncateSync(this.#path);
    this.#followedTo = 0;
  }

  /** Reads for the last time, and deletes the file. */
  close(): void {
    if (!this.#isOpen) return;
    this.#passOn();
    clearInterval(this.#follower?.timer);
    this.#before = this.#recent();
    this.#isOpen = false;
    closeSync(this.#reader);
    rmSync(this.#path, { force: true });
  }

  #recent(): Buffer<ArrayBuffer> {
    if (!this.#isOpen) return this.#before;
    const { size } = fstatSync(this.#reader);
    const now = this.#read(Math.max(0, size - RECENT_BYTES), size);
    return Buffer.concat([this.#before, now]).subarray(-RECENT_BYTES);
  }

  #passOn(): void {
    if (this.#follower === null) return;
    const { size } = fstatSync(this.#reader);
    const from = Math.max(this.#followedTo, size - FOLLOW_BYTES);
    this.#followedTo = size;
    if (size > from) this.#follower.onText(this.#decoder.write(this.#read(from, size)));
  }

  #read(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(to - from);
    return bytes.subarray(0, readSync(this.#reader, bytes, 0, bytes.length, from));
  }
}

// As Node.js and V8 print them: `TypeError: …`, `TypeError [ERR_…]: …`, `[UnhandledPromiseRejection: …`, `FATAL ERROR: …`.
const NAMES_AN_ERROR =
  /^(?:FATAL ERROR: |# Fatal |\[?(?:Uncaught )?(?:[A-Za-z_$][\w$.]*)?(?:Error|Exception|Rejection)\b)/;
/** What is printed around an error and does not describe it. */
const AROUND = /^(?:\s+at |\s*[\^}\]]|Node\.js v\d|\(Use `node |\s*$)/;

/** The line that names the error in the last crash report, or in the last error that was printed; null without one. */
export function errorLine(output: string): string | null {
  // A nested cause is indented.
  const line = output.split('\n').findLast((text) => NAMES_AN_ERROR.test(text));
  return line === undefined ? null : shortened(line);
}

/**
 * How a process ended, with the reason that it printed: `exit code 1: TypeError: …`. Without an error line, the last line is
 * shown for a process that chose to exit, and nothing for one that was killed.
 */
export function endText(how: string, output: string): string {
  const named = errorLine(output);
  if (named !== null) return `${how}: ${named}`;
  const last = how.startsWith('exit code') ? output.split('\n').findLast((text) => !AROUND.test(text)) : undefined;
  return last === undefined ? how : `${how}: ${shortened(last)}`;
}

const LONGEST_LINE = 300;

function shortened(line: string): string {
  const text = line.trim();
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}
