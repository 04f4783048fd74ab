import { expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { isNewEnough, parseClaim } from './claim.ts';

const block = {
  source: { name: 'somebody', url: null },
  command: ['-s', 'hello'],
  needsNode: null,
  decidedBy: {
    ...{ kind: 'ratio', scenario: 'hello', model: 'cluster', against: 'single', metric: 'cpu-per-request' },
    ...{ connectionMode: 'keep-alive', from: 1.2, to: null },
  },
  chart: 'cpu-per-request',
};
const pageOf = (own: object): string => `# It is slow\n\nProse.\n\n\`\`\`json claim\n${JSON.stringify(own)}\n\`\`\`\n`;

test('a page is a title, and a block that says what decides it', () => {
  expect(parseClaim('slow', pageOf(block))).toEqual({ name: 'slow', title: 'It is slow', ...block });
});

test.each([
  ['no title', 'Prose.', 'it has no title'],
  ['no block', '# It is slow', 'it does not say what decides it'],
  ['no JSON', '# It is slow\n\n```json claim\n{\n```\n', 'its block is not JSON'],
  ['a key too many', pageOf({ ...block, sure: true }), 'Unrecognized key: "sure"'],
  ['a key that is missing', pageOf({ ...block, command: undefined }), 'command: '],
  ['an unknown metric', pageOf({ ...block, decidedBy: { ...block.decidedBy, metric: 'speed' } }), 'decidedBy.metric: '],
])('%s is refused by file and key', (_, page, what) => {
  expect(() => parseClaim('slow', page)).toThrow(UserError);
  expect(() => parseClaim('slow', page)).toThrow(what);
  expect(() => parseClaim('slow', page)).toThrow('docs/claims/slow.md: ');
});

test.each([
  ['20.20.2', null, true],
  ['20.20.2', '22.12.0', false],
  ['22.12.0', '22.12.0', true],
  ['22.9.0', '22.12.0', false],
  ['24.0.0', '22.12.0', true],
])('Node %s for %s: %s', (own, needed, is) => {
  expect(isNewEnough(own, needed)).toBe(is);
});
