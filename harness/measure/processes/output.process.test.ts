/** What is kept of what a process writes, and the line that is picked from it. */
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { until } from '../fixtures/processes.ts';
import { endText, errorLine, OutputFile } from './output.ts';

const THROWN = `GET /
/app/work.js:7
  throw new TypeError('x is not a function');
  ^

TypeError: x is not a function
    at handler (/app/work.js:7:9) {
  [cause]: Error: the reason of it
      at other (/app/work.js:1:1)
}

Node.js v20.20.2`;

describe('the line that names the error', () => {
  test.each<[string, string, string | null]>([
    ['of a crash', THROWN, 'TypeError: x is not a function'],
    ['with a code', 'Error [ERR_X]: no\n    at a', 'Error [ERR_X]: no'],
    ['of the last of several', `Error: handled before\n    at a\n${THROWN}`, 'TypeError: x is not a function'],
    [
      'of V8',
      '<--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n 1: 0xb9',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    ],
    [
      'of a rejection that is no error',
      '[UnhandledPromiseRejection: This error … with the reason "5".] {\n  code: 1\n}',
      '[UnhandledPromiseRejection: This error … with the reason "5".] {',
    ],
    ['is none', 'GET /\nErrors: 0\n', null],
  ])('%s', (_, output, line) => {
    expect(errorLine(output)).toBe(line);
  });

  test('is short enough for a table', () => {
    expect(errorLine(`Error: ${'x'.repeat(5000)}`)).toHaveLength(301);
  });
});

describe('how a process ended', () => {
  test.each<[string, string, string]>([
    ['exit code 1', THROWN, 'exit code 1: TypeError: x is not a function'],
    [
      'exit code 1',
      "/app/x.js:1\nthrow 'text'\n^\ntext\n(Use `node --trace-uncaught ...` to show)\n\nNode.js v20.20.2",
      'exit code 1: text',
    ],
    ['exit code 3', 'ready\ncannot reach the database\n', 'exit code 3: cannot reach the database'],
    ['exit code 0', '', 'exit code 0'],
    // It was killed from outside: the request that it logged last had nothing to do with it.
    ['SIGKILL', 'GET /\n', 'SIGKILL'],
  ])('%s', (how, output, text) => {
    expect(endText(how, output)).toBe(text);
  });
});

describe('the file', () => {
  test('is trimmed when it is long, and its end is still known', () => {
    const path = join(temporaryFolder(), 'output');
    const output = new OutputFile(path);
    appendFileSync(path, `${'x'.repeat(5 * 2 ** 20)}\nError: before the trim\n`);
    output.trim();
    expect(statSync(path).size).toBe(0);
    expect(errorLine(output.text())).toBe('Error: before the trim');
    appendFileSync(path, 'after it');
    output.close();
    expect(output.text()).toMatch(/Error: before the trim\nafter it$/);
    expect(existsSync(path)).toBe(false);
  });

  test('is followed across a trim and to the end, with no character broken', async () => {
    const path = join(temporaryFolder(), 'output');
    const output = new OutputFile(path);
    let heard = '';
    output.follow((text) => {
      heard += text;
    });
    const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
    appendFileSync(path, first);
    await until('a first read', 5_000, () => statSync(path).size === 1);
    appendFileSync(path, Buffer.concat([second, Buffer.from('y'.repeat(4 * 2 ** 20))]));
    output.trim();
    appendFileSync(path, 'end');
    output.close();
    expect(heard.slice(0, 2)).toBe('üy');
    expect(heard.endsWith('yend')).toBe(true);
    expect(heard).toHaveLength(1 + 4 * 2 ** 20 + 3);
  });
});
