import createClient from 'openapi-fetch';
import type { components, paths } from './generated/openapi-typescript.js';
import { type Refusal, run } from './program.js';
import { walk } from './walk-openapi-fetch.js';

type Problem = components['schemas']['Problem'];

await run((baseUrl, fetch, { apiKey, token }) => {
  const headers = { 'X-API-Key': apiKey, Authorization: token && `Bearer ${token}` };
  const client = createClient<paths>({ baseUrl, fetch, headers });

  async function slice(cursor: number, page_size: number) {
    const { data, error } = await client.GET('/api/v1/orders/stream', { params: { query: { cursor, page_size } } });
    return data ?? fail(error);
  }

  async function order(order_key: number) {
    const { data, error } = await client.GET('/api/v1/orders/{order_key}', { params: { path: { order_key } } });
    return data ?? fail(error);
  }

  return {
    order,

    async walk(pageSize) {
      const forward: string[] = [];
      for await (const order of walk(client, 0, pageSize)) {
        forward.push(String(order.o_orderkey));
      }

      const back: string[] = [];
      let { orders, pagination } = await slice(0, pageSize);
      while (pagination.next_cursor !== null) {
        ({ orders, pagination } = await slice(pagination.next_cursor, pageSize));
      }

      back.unshift(...orders.map((order) => String(order.o_orderkey)));
      while (pagination.previous_cursor !== null) {
        ({ orders, pagination } = await slice(pagination.previous_cursor, pageSize));
        back.unshift(...orders.map((order) => String(order.o_orderkey)));
      }

      return { forward, back };
    },

    async fulfil(order_key) {
      const { data, error } = await client.POST('/api/v1/orders/{order_key}/status', {
        params: { path: { order_key } },
        body: { o_orderstatus: 'F' },
      });
      const { message } = data ?? fail(error);
      return { message, status: (await order(order_key)).o_orderstatus };
    },

    async fulfilAll(order_key) {
      const changes = [order_key, order_key + 1].map((key) => ({ o_orderkey: key, o_orderstatus: 'F' as const }));
      const changed = await client.POST('/api/v1/orders/status', { body: { changes, atomic: true } });
      const order_keys = [order_key + 1, order_key, order_key + 2];
      const read = await client.GET('/api/v1/orders', { params: { query: { order_keys } } });
      const { orders, missing_order_keys } = read.data ?? fail(read.error);
      return {
        codes: (changed.data ?? fail(changed.error)).results.map((result) => result.code),
        statuses: orders.map((order) => order.o_orderstatus),
        missing: missing_order_keys.map(String),
      };
    },

    async guarded(order_key) {
      const read = await client.GET('/api/v1/orders/{order_key}', { params: { path: { order_key } } });
      const tag = read.response.headers.get('ETag') ?? undefined;
      const change = (o_orderstatus: 'O' | 'F' | 'P') =>
        client.POST('/api/v1/orders/{order_key}/status', {
          params: { path: { order_key }, header: { 'If-Match': tag } },
          body: { o_orderstatus },
        });
      const first = await change('P');
      const second = await change('F');
      return { first: first.response.status, second: refusal(second.error, second.response), tag: second.response.headers.get('ETag') };
    },

    async unchanged(order_key) {
      const read = await client.GET('/api/v1/orders/{order_key}', { params: { path: { order_key } } });
      const tag = read.response.headers.get('ETag') ?? undefined;
      const again = await client.GET('/api/v1/orders/{order_key}', {
        params: { path: { order_key }, header: { 'If-None-Match': tag } },
      });
      const page = await client.GET('/api/v1/orders/pages', {
        params: { query: { page_size: 1 }, header: { Prefer: 'count=none' } },
      });
      return { http: again.response.status, link: page.response.headers.get('Link') };
    },

    async missing(order_key) {
      const { error, response } = await client.GET('/api/v1/orders/{order_key}', { params: { path: { order_key } } });
      return refusal(error, response);
    },

    async oversized(page_size) {
      const { error, response } = await client.GET('/api/v1/orders/pages', { params: { query: { page_size } } });
      return refusal(error, response);
    },

    async misspelt(order_key) {
      const { error, response } = await client.POST('/api/v1/orders/{order_key}/status', {
        params: { path: { order_key } },
        // @ts-expect-error: the compiler already refuses a status that may not be written.
        body: { o_orderstatus: 'f' },
      });
      return refusal(error, response);
    },

    async first() {
      const [first] = (await slice(0, 1)).orders;
      if (first === undefined) {
        throw new Error('There is no order.');
      }

      const { data, error } = await client.GET('/api/v1/orders/{order_key}', { params: { path: { order_key: first.o_orderkey } } });
      return { key: String(first.o_orderkey), found: String(data?.o_orderkey ?? error?.code) };
    },
  };
});

function refusal(error: Problem | undefined, response: Response): Refusal {
  if (error === undefined) {
    throw new Error(`No error came back, but ${response.status}.`);
  }

  return { http: response.status, code: error.code, errors: error.errors };
}

function fail(error: Problem | undefined): never {
  throw new Error(error?.detail);
}
