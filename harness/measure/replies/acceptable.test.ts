import { expect, test } from 'vitest';
import type { ReceivedReply } from '../../../scenarios/scenario.ts';
import { parseExpectations } from '../../plan/options/expect.ts';
import { refusal } from './acceptable.ts';

const replied = (status: number, text = ''): ReceivedReply => ({ status, headers: {}, bytes: Buffer.from(text), text });

test.each<[string, readonly string[], ReceivedReply, string | null]>([
  ['success', [], replied(204), null],
  ['a redirect', [], replied(302), null],
  ['nothing new', [], replied(304), null],
  [
    'a mistake',
    [],
    replied(404, 'not\nfound'),
    "status 404: not found; check the method and the path of the request, or, if that is the reply you want, --expect 'list: status=404'",
  ],
  ['a failure', [], replied(500, 'boom'), 'status 500: boom'],
  ['a mistake that is expected', ['status=404'], replied(404), null],
  ['another status than expected', ['list: status=201'], replied(200, 'ok'), 'status 200 instead of 201: ok'],
  ['what is expected of another request', ['order: status=201'], replied(200), null],
  ['the text that is expected', ['body~"total"'], replied(200, 'in total'), null],
  ['a body without it', ['body~"total"'], replied(200, 'none'), "'total' is not in the body: none"],
])('%s', (_, texts, reply, message) => {
  expect(refusal(parseExpectations(texts, ['list', 'order']), 'list', reply)?.message ?? null).toBe(message);
});
