import { Body, Controller, Get, Post } from '@nestjs/common';
import { type Order, ShopService } from './shop.service.js';

@Controller()
export class ShopController {
  constructor(private readonly shop: ShopService) {}

  @Get('products')
  products() {
    return this.shop.products();
  }

  @Post('orders')
  order(@Body() order: Order) {
    return this.shop.order(order);
  }

  @Get('hash')
  hash() {
    return { hash: this.shop.hash() };
  }

  @Get('slow')
  async slow() {
    await this.shop.wait();
    return { waited: true };
  }
}
