/** Images that stand alone: with their font, also on a machine without any. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../harness/fixtures/temporary-folder.ts';
import throughput from '../charts/throughput.ts';
import { summary } from '../fixtures/summary.ts';
import { scenario } from '../fixtures/variants.ts';
import { pngFonts } from './fonts.ts';
import { png } from './png.ts';
import { renderSvg } from './render.ts';
import { drawnWidth, standalone } from './svg.ts';

async function drawn(): Promise<{ svg: string; alt: string }> {
  const drawing = throughput.draw({ scenario: scenario('cpu'), summary });
  if (drawing.kind === 'omitted') throw new Error(drawing.reason);
  return { svg: await renderSvg(drawing.spec), alt: drawing.alt };
}

/** How many pixels of an image are not those of another one. */
function differing(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  let count = 0;
  for (let at = 0; at < a.length; at += 4) if (a.readUInt32BE(at) !== b.readUInt32BE(at)) count++;
  return count;
}

function pixels(svg: string, fontFiles: string[]): Buffer {
  return new Resvg(svg, { font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter' } }).render().pixels;
}

describe('png', () => {
  test.each([1, 2])('has the width that was asked for, times %i', async (times) => {
    const { svg } = await drawn();
    const image = Buffer.from(png(svg, 960 * times));
    expect(image.subarray(1, 4).toString()).toBe('PNG');
    expect(image.readUInt32BE(16)).toBe(960 * times);
  });

  test('draws every text: without its font the image is another one wherever there are words', async () => {
    const { svg } = await drawn();
    const texts = [...svg.matchAll(/<text\b.*?<\/text>/gsu)].map(([text]) => text);
    expect(texts.length).toBeGreaterThan(30);
    const withText = pixels(svg, pngFonts());
    for (const text of texts.filter((one) => !one.includes('opacity="0"'))) {
      expect(differing(withText, pixels(svg.replace(text, ''), pngFonts())), text).toBeGreaterThan(8);
    }
    expect(differing(withText, pixels(svg, []))).toBeGreaterThan(5000);
  });

  test('is the same, byte for byte, on a machine without fonts', async () => {
    const { svg } = await drawn();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'none'));
    writeFileSync(join(folder, 'fonts.conf'), `<fontconfig><dir>${join(folder, 'none')}</dir></fontconfig>`);
    writeFileSync(join(folder, 'a.svg'), svg);
    const program = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { png } from ${JSON.stringify(new URL('../../dist/reports/images/png.js', import.meta.url).href)};
      writeFileSync('a.png', png(readFileSync('a.svg', 'utf8'), 960));
      process.stdout.write(readFileSync('a.png').toString('base64'));`;
    const bare = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      env: { PATH: process.env['PATH'], FONTCONFIG_FILE: join(folder, 'fonts.conf'), HOME: folder },
    });
    expect(bare.toString()).toBe(Buffer.from(png(svg, 960)).toString('base64'));
  });
});

describe('standalone', () => {
  test('is as wide as asked for, in proportion', async () => {
    const { svg, alt } = await drawn();
    const [, height = ''] = /height="([\d.]+)"/u.exec(svg) ?? [];
    expect(drawnWidth(svg)).toBe(960);
    expect(standalone(svg, alt, 640)).toMatch(
      new RegExp(`width="640" height="${Math.round((Number(height) * 64000) / 960) / 100}"`),
    );
    expect(standalone(svg, alt, 640)).toContain(`viewBox="0 0 960 ${height}"`);
  });

  test('carries the faces that it uses and no others', async () => {
    const { svg, alt } = await drawn();
    expect([...standalone(svg, alt, 960).matchAll(/@font-face/gu)]).toHaveLength(3);
    const plain =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text font-weight="bold">a</text></svg>';
    const [rule, ...others] = standalone(plain, '', 9).match(/@font-face\{[^}]*\}/gu) ?? [];
    expect(rule).toContain('font-weight:700');
    expect(others).toEqual([]);
  });

  test('says what it shows, and asks for nothing from anywhere', async () => {
    const { svg, alt } = await drawn();
    const image = standalone(svg, alt, 960);
    expect(image).toContain('role="img" aria-label="Bar chart of 10 ms of CPU per request: ');
    expect(image.replace(/xmlns(?::xlink)?="[^"]*"/gu, '')).not.toMatch(/https?:/u);
  });
});
