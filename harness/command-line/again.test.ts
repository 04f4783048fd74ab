import { expect, test } from 'vitest';
import { againLine } from './again.ts';

test('sides that lie elsewhere are those of somebody who works in head', () => {
  const words = [
    'ab',
    '/tmp/w/base',
    '/srv/work',
    '--app=./server.js',
    "--request=GET /it's",
    '--out=/tmp/r',
    '--format=json',
    '--strict=true',
  ];
  expect(againLine(words, ['../base', '.'])).toBe(
    String.raw`npx fourways ab ../base . --app ./server.js --request 'GET /it'\''s'`,
  );
});

test('everything else stays as it was typed', () => {
  const words = ['compare', 'runs/1', 'runs/2 b', '--force=true', '--duet=false', '--body="\\"{}\\""'];
  expect(againLine(words)).toBe(`npx fourways compare runs/1 'runs/2 b' --force --duet=false --body '"\\"{}\\""'`);
});
