/** The font that images and pages carry with them, read from the folder that ships with the package. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../../harness/version.ts';

const FACES = [
  { name: 'regular', weight: 400, style: 'normal', uses: /<text(?![^>]*(?:font-weight="bold"|font-style="italic"))/u },
  { name: 'bold', weight: 700, style: 'normal', uses: /font-weight="bold"/u },
  { name: 'italic', weight: 400, style: 'italic', uses: /font-style="italic"/u },
] as const;

type Face = (typeof FACES)[number];

/** Path of a file of the font. */
function fontFile(name: string): string {
  return fileURLToPath(new URL(`reports/fonts/${name}`, packageFolder()));
}

/** For drawing PNG: whole faces, because nothing else is there to fall back to. */
export function pngFonts(): string[] {
  return FACES.map(({ name }) => fontFile(`${name}.otf`));
}

/** Style rules that hold the font itself: every face, or those that an image needs. */
export function fontFaces(svg?: string): string {
  return FACES.filter(({ uses }) => svg === undefined || uses.test(svg))
    .map(faceRule)
    .join('');
}

const rules = new Map<string, string>();

function faceRule({ name, weight, style }: Face): string {
  const known = rules.get(name);
  if (known !== undefined) return known;
  const data = readFileSync(fontFile(`${name}.woff2`)).toString('base64');
  const source = `url(data:font/woff2;base64,${data}) format("woff2")`;
  const rule = `@font-face{font-family:Inter;font-weight:${weight};font-style:${style};src:${source}}`;
  rules.set(name, rule);
  return rule;
}
