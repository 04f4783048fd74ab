import { expect, test } from 'vitest';
import { harmless, html, json, markdown, visible, xml } from './escape.ts';

test('HTML text cannot become markup or leave its attribute', () => {
  expect(html(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
});

test('markdown cannot leave its table cell or become markup', () => {
  expect(markdown('a|b *c* `d` <e> [f](g)')).toBe('a\\|b \\*c\\* \\`d\\` &lt;e&gt; \\[f\\](g)');
});

test('text stays on its line, and commands to the terminal are shown instead of sent', () => {
  expect(visible('a\r\nb\u001b[31mc\u202ed')).toBe('a b\ufffd[31mc\ufffdd');
});

test('what cannot be seen is shown, and what belongs to a symbol is left', () => {
  expect(visible('a\u200bb\ufeffc\u2066d\u{e0041}e\u00adf')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf');
  expect(visible('❤\ufe0f é 日本')).toBe('❤\ufe0f é 日本');
});

/** Names as somebody might give them who wants a terminal or a CI to do something. */
const NAMES = [
  '::error::no',
  '  ::add-mask::1',
  '##[error]no',
  'a ##[group]b',
  '##vso[task.setvariable variable=x]y',
  ':::',
];

test('no line that leaves is a command to a CI', () => {
  const text = harmless(`${NAMES.join('\n')}\n${NAMES.map((name) => `  ${name}`).join('\r\n')}`);
  for (const line of text.split('\n')) expect(line).not.toMatch(/^\s*::|##\[|##vso\[/);
  expect(text).toContain('  : :add-mask::1\n');
  expect(xml('##[error]no')).toBe('#&#35;[error]no');
});

test('what leaves moves no cursor but by what is our own', () => {
  const own = '\u001b[2K\r\u001b[1m\u001b[31mbold\u001b[39m\u001b[22m\n\ttext\n';
  expect(harmless(own)).toBe(own);
  const moved = harmless('a\u001b[2Jb\u001b]0;title\u0007c\rd\be\u001b[8mf\u202eg\u009b1mh');
  expect(moved).toBe('a\ufffd[2Jb\ufffd]0;title\ufffdc\ufffdd\ufffde\ufffd[8mf\ufffdg\ufffd1mh');
});

test('JSON spells the same out, and means the same', () => {
  const value = { names: [...NAMES, '\u001b[2J\u202e\u200b\u{e0041}\u007f\u2028', 'ü ❤\ufe0f'] };
  const text = json(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(harmless(text)).toBe(text);
});
