import { expect, test } from 'vitest';
import { html, markdown, visible } from './escape.ts';

test('HTML text cannot become markup or leave its attribute', () => {
  expect(html(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
});

test('markdown cannot leave its table cell or become markup', () => {
  expect(markdown('a|b *c* `d` <e> [f](g)')).toBe('a\\|b \\*c\\* \\`d\\` &lt;e&gt; \\[f\\](g)');
});

test('text stays on its line, and commands to the terminal are shown instead of sent', () => {
  expect(visible('a\r\nb\u001b[31mc\u202ed')).toBe('a b\ufffd[31mc\ufffdd');
});
