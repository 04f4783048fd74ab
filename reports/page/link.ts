/**
 * A report in the address of a page: what its words, tables and charts are made from, compressed, behind the `#`, which a
 * browser sends to nobody.
 */
import { deflateSync } from 'node:zlib';
import { z } from 'zod';
import { type Summary, summarySchema } from '../../harness/judge/schema/summary.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { html } from '../words/escape.ts';
import { given } from '../words/figures.ts';
import { type Reported, runsOf, type Several } from '../words/runs.ts';
import { type Markup, section } from './markup.ts';

/** A report as a link has it, and whether the page offers the link or was drawn from it. */
export interface Link {
  readonly kind: 'offered' | 'opened';
  /** What stands behind `#data=`. */
  readonly data: string;
}

/** Under which name a link has its data; scripts of the page read it as well. */
const KEY = 'data';

/** So many more than reports print that these are the same, and fewer than there are. */
const DIGITS = 10;

/** A run has no label where it is the only one. */
const runsSchema = z.array(z.object({ label: z.string().nullable(), summary: summarySchema })).min(1);

/** What a link has of a report: of each run its summary, without what is told of single requests. */
export function linkData({ summary }: Reported): string {
  const runs = runsOf(summary).map(({ label, of }) => ({ label, summary: of }));
  // In the order of the schema: a run that has just been measured and its file give the same link.
  const inOrder = runsSchema.parse(runs.length === 0 ? [{ label: null, summary }] : runs);
  const text = JSON.stringify(inOrder, rounded);
  return deflateSync(text, { level: 9 }).toString('base64url');
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
}

/** Nobody has a report as large as this: what is behind such a link was made to use a browser up. */
const MOST_CHARACTERS = 2 ** 23;

/** The report that a link has. Throws where the data are damaged, are not of this version, or are no report at all. */
export async function linkedReport(data: string): Promise<Several<Summary>> {
  const [first, ...others] = runsSchema.parse(JSON.parse(await inflated(data)));
  if (first === undefined) throw new RangeError('a link without a run');
  if (first.label === null && others.length === 0) return first.summary;
  return sideBySide([first, ...others].map(({ label, summary }) => ({ label: label ?? '', summary }))).summary;
}

/** With the means that a browser and Node.js have in common. The checksum of the format finds what was damaged on the way. */
async function inflated(data: string): Promise<string> {
  const bytes = Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.length > MOST_CHARACTERS) throw new RangeError('a link with more data than any report has');
  }
  return text;
}

/** Some chat programs cut a longer link off, or do not make one of it; in bytes. */
const EASY_BYTES = 8_000;
/** Some browsers and programs take no longer one; in bytes. */
const SURE_BYTES = 32_000;

const BYTES_PER_KB = 1000;

/** Offers the link, or says that the page was drawn from one. */
export function linkSection({ kind, data }: Link): Markup {
  const address = `#${KEY}=${data}`;
  const anchor = `<a href="${html(address)}">this report in a link</a>`;
  const kilobytes = `${given(Math.ceil(address.length / BYTES_PER_KB))} KB`;
  const content = [
    `<p>${kind === 'offered' ? 'Open' : 'It is'} ${anchor} of ${kilobytes}: its figures are in the address itself, behind the #. Nothing is uploaded.</p>`,
    '<p>It opens on any page of fourways, from a file or a static host: put what begins with # behind the address of that page.</p>',
    `<p class="soft">${sizeText(address.length)}The link lacks what is told of single requests, such as curves of percentiles and timelines, and has no files of charts.</p>`,
  ];
  return section('link', 'As a link', content.join('\n'));
}

function sizeText(bytes: number): string {
  if (bytes <= EASY_BYTES) return '';
  if (bytes <= SURE_BYTES) return 'Some chat programs cut a link of more than 8 KB off: then send it as a file. ';
  return 'Some browsers and most chat programs take no link of more than 32 KB: rather send the page itself. ';
}
