import type { Client } from 'openapi-fetch';
import type { components, paths } from './generated/openapi-typescript.js';

type Schemas = components['schemas'];

/** Every order after a key, in ascending order of the keys. A thousand at a time come over the wire, as they are asked for. */
export async function* walk(client: Client<paths>, after = 0, page_size = 1000): AsyncGenerator<Schemas['Order']> {
  for (let cursor: number | null = after; cursor !== null; ) {
    const slice: { data?: Schemas['OrderStream']; error?: Schemas['Problem'] } =
      await client.GET('/api/v1/orders/stream', { params: { query: { cursor, page_size } } });
    if (slice.data === undefined) {
      throw new Error(slice.error?.detail);
    }

    yield* slice.data.orders;
    cursor = slice.data.pagination.next_cursor;
  }
}
