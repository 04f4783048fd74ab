/** The clients that a generator plays: a kept connection is one of them, or each takes a new connection for every request. */
import { FIRST_UNDER_LOAD, namesClient, type Visit } from '../../requests/varied.ts';
import { type GeneratorCommand, requestOf } from '../messages.ts';

/** The third octet of an address, from 1, as some take a network for one client: `ip_hash` of nginx looks at three octets. */
const NETWORKS = 254;

type StartCommand = Extract<GeneratorCommand, { type: 'start' }>;

export class LoadClient {
  readonly #number: number;
  /** Where its connections come from; undefined for the address that all have. */
  readonly localAddress: string | undefined;
  #visits = 0;

  /** `index` counts the clients of all generators. */
  constructor(index: number, hasOwnAddress: boolean) {
    this.#number = FIRST_UNDER_LOAD + index;
    this.localAddress = hasOwnAddress ? addressOf(index) : undefined;
  }

  /** The next request is one of this client. */
  visits(): Visit {
    this.#visits++;
    return { client: this.#number, visit: this.#visits };
  }
}

/** All of 127.0.0.0/8 is this machine on Linux. */
function addressOf(index: number): string {
  return `127.${Math.floor(index / NETWORKS) % NETWORKS}.${1 + (index % NETWORKS)}.1`;
}

export class Clients {
  readonly #share: StartCommand['share'];
  readonly #hasAddresses: boolean;
  readonly #random: () => number;
  readonly #idle: LoadClient[] = [];
  #count = 0;

  /** `random` says who of the idle ones is next. */
  constructor({ share, requests }: Pick<StartCommand, 'share' | 'requests'>, random: () => number) {
    this.#share = share;
    // Who tells clients apart by what they send may do so by where they come from.
    this.#hasAddresses = process.platform === 'linux' && requests.some((one) => namesClient(requestOf(one)));
    this.#random = random;
  }

  /** One that has nothing under way, at random; a new one when there is none. */
  take(): LoadClient {
    const last = this.#idle.pop();
    if (last === undefined) return this.#another();
    const at = Math.floor(this.#random() * (this.#idle.length + 1));
    const taken = this.#idle[at] ?? last;
    if (at < this.#idle.length) this.#idle[at] = last;
    return taken;
  }

  giveBack(client: LoadClient): void {
    this.#idle.push(client);
  }

  /** So many are there from the start. */
  admit(count: number): void {
    while (this.#count < count) this.#idle.push(this.#another());
  }

  #another(): LoadClient {
    const { index, of } = this.#share;
    const client = new LoadClient(this.#count * of + index, this.#hasAddresses);
    this.#count++;
    return client;
  }
}
