import { pbkdf2Sync } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { BadRequestException, Injectable } from '@nestjs/common';

export interface Order {
  readonly product: number;
  readonly quantity?: number;
}

const products = Array.from({ length: 20 }, (_, i) => ({ id: i + 1, name: `Product ${i + 1}`, price: 100 + 5 * i }));

@Injectable()
export class ShopService {
  products() {
    return products;
  }

  order({ product: wanted, quantity = 1 }: Order) {
    const product = products.find(({ id }) => id === wanted);
    if (product === undefined) throw new BadRequestException('there is no such product');
    return { product: product.id, quantity, total: product.price * quantity };
  }

  /** About 20 ms of CPU time. */
  hash() {
    return pbkdf2Sync('a password', 'a salt', 20_000, 32, 'sha256').toString('hex');
  }

  /** What stands for 20 ms of waiting, for a database or another service. */
  async wait() {
    await setTimeout(20);
  }
}
