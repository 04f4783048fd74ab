import type { Scenario } from '../scenario.ts';

const LINE_BYTES = 64;

/** So many KiB of numbered lines, so that a piece that is missing or elsewhere shows. */
export function linesOf(kib: number): Buffer {
  const lines = Array.from({ length: (kib * 1024) / LINE_BYTES }, (_, i) => `${String(i).padStart(LINE_BYTES - 1)}\n`);
  return Buffer.from(lines.join(''), 'latin1');
}

/** A worker of a pool hands every byte of a reply to the front end; a listener hands it to the system. */
const largeReply: Scenario<'kib'> = {
  summary: 'a large constant reply, which pools carry from the worker to the front end',
  parameters: {
    kib: { summary: 'size of the reply in KiB', default: 1024, min: 1, max: 16_384, integer: true },
  },
  inWords: ({ kib }) => `a constant reply of ${kib} KiB`,
  requests: () => [{ name: 'large', weight: 1, method: 'GET', path: '/' }],
  createHandler: ({ parameters }) => {
    const reply = { status: 200, headers: { 'content-type': 'text/plain' }, body: linesOf(parameters.kib) };
    return () => reply;
  },
  verify: ({ bytes }, { parameters }) =>
    linesOf(parameters.kib).equals(bytes) ? undefined : 'the lines are not all there, or not in order',
};

export default largeReply;
