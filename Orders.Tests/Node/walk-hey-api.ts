import { type Order, type OrderStream, streamOrders } from './generated/hey-api/index.js';

/** Every order after a key, in ascending order of the keys. A thousand at a time come over the wire, as they are asked for. */
export async function* walk(after = 0, page_size = 1000): AsyncGenerator<Order> {
  for (let cursor: number | null = after; cursor !== null; ) {
    const { data }: { data: OrderStream } = await streamOrders({ query: { cursor, page_size }, throwOnError: true });
    yield* data.orders;
    cursor = data.pagination.next_cursor;
  }
}
