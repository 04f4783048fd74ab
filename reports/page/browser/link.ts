/** An address that carries a report: the page gives way to that report, with its own style, scripts and policy. */

/** What the packed program declares. */
declare const fourways: {
  readonly pageOfLink: (
    data: string,
    assets: Readonly<Record<'style' | 'script' | 'policy', string>>,
  ) => Promise<string>;
};

/** Present on a page that was drawn from a link. */
const isDrawn = document.documentElement.hasAttribute('data-linked');
const ownScript = document.currentScript?.textContent ?? '';

/** What a link has, or what the reader chose; the rest of the address stays as it is. */
function inAddress(name: string): string | null {
  return new URLSearchParams(location.hash.slice(1)).get(name);
}

async function inflate(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))).text();
}

/** Runs the packed program, which the policy of the page allows by its checksum. */
async function unpack(): Promise<void> {
  const packed = document.querySelector<HTMLTemplateElement>('#viewer')?.content.textContent;
  if (packed == null)
    throw new Error('this page has no room for what draws links: open it with another page of fourways');
  const program = document.createElement('script');
  program.textContent = await inflate(packed);
  document.head.append(program);
  program.remove();
}

function tell(text: string): void {
  const line = document.querySelector('.linked') ?? document.createElement('p');
  line.className = 'notice linked';
  line.textContent = text;
  document.body.prepend(line);
}

async function openLink(data: string): Promise<void> {
  tell('Drawing the report of this link …');
  try {
    await unpack();
    const style = document.querySelector('style')?.textContent ?? '';
    const policy = document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? '';
    const page = await fourways.pageOfLink(data, { style, script: ownScript, policy });
    document.open();
    document.write(page);
    document.close();
  } catch {
    tell(
      'This link cannot be shown: it is damaged, or was made by another version of fourways. Below is the report of this page.',
    );
  }
}

/** Links within a page keep the address that has its data. */
function stayInAddress(event: MouseEvent): void {
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  const to = anchor?.hash.startsWith('#data=') ? null : document.getElementById(anchor?.hash.slice(1) ?? '');
  if (to === null) return;
  event.preventDefault();
  reveal(to);
}

const carried = inAddress('data');
if (isDrawn) document.addEventListener('click', stayInAddress);
else if (carried !== null) void openLink(carried);
window.addEventListener('hashchange', () => {
  const now = inAddress('data');
  if (now === carried) return;
  if (isDrawn || now === null) location.reload();
  else void openLink(now);
});
