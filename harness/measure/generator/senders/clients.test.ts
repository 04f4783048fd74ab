import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../stats/random.ts';
import { plannedRequest } from '../../fixtures/sending.ts';
import { Clients, type LoadClient } from './clients.ts';

const naming = plannedRequest({ headers: { cookie: 'client={{client}}' }, varies: true });

function clientsOf({ requests = [naming], share = { index: 0, of: 1 } } = {}): Clients {
  return new Clients({ share, requests }, randomStream(1));
}

function taken(clients: Clients, count: number): readonly LoadClient[] {
  return Array.from({ length: count }, () => clients.take());
}

test('each has a number of its own, over all generators', () => {
  const shares = [0, 1].map((index) => taken(clientsOf({ share: { index, of: 2 } }), 300));
  const numbers = shares.flat().map((one) => one.visits().client);
  expect(new Set(numbers).size).toBe(600);
});

test('one that is back goes on with its visits, and nobody else does', () => {
  const clients = clientsOf();
  const [first] = taken(clients, 1);
  const { client } = first?.visits() ?? { client: 0 };
  if (first !== undefined) clients.giveBack(first);
  expect(clients.take().visits()).toEqual({ client, visit: 2 });
  expect(clients.take().visits().visit).toBe(1);
});

test('of those that are there from the start each is taken', () => {
  const clients = clientsOf();
  clients.admit(8);
  const numbers = Array.from({ length: 400 }, () => {
    const one = clients.take();
    clients.giveBack(one);
    return one.visits().client;
  });
  expect(new Set(numbers).size).toBe(8);
});

describe.runIf(process.platform === 'linux')('addresses', () => {
  test('differ in the first three octets', () => {
    const networks = taken(clientsOf(), 600).map(
      ({ localAddress = '' }) => /^127(?:\.\d+){2}(?=\.1$)/.exec(localAddress)?.[0],
    );
    expect(new Set(networks).size).toBe(600);
    expect(networks).not.toContain('127.0.0');
    expect(networks).not.toContain(undefined);
  });

  test('are of the system where no request names its client', () => {
    expect(clientsOf({ requests: [plannedRequest()] }).take().localAddress).toBeUndefined();
  });
});
