import { client } from './generated/hey-api/client.gen.js';
import { getOrder, getOrders, listOrdersByPage, type Problem, streamOrders, updateOrderStatus, updateOrderStatuses } from './generated/hey-api/index.js';
import { type Refusal, run } from './program.js';
import { walk } from './walk-hey-api.js';

await run((baseUrl, fetch, { apiKey, token }) => {
  // The client puts it in the headers of the document.
  client.setConfig({ baseUrl, fetch, auth: () => apiKey ?? token });

  async function slice(cursor: number, page_size: number) {
    const { data } = await streamOrders({ query: { cursor, page_size }, throwOnError: true });
    return data;
  }

  return {
    async order(order_key) {
      const { data } = await getOrder({ path: { order_key }, throwOnError: true });
      return data;
    },

    async walk(pageSize) {
      const forward: string[] = [];
      for await (const order of walk(0, pageSize)) {
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
      const changed = await updateOrderStatus({ path: { order_key }, body: { o_orderstatus: 'F' }, throwOnError: true });
      const read = await getOrder({ path: { order_key }, throwOnError: true });
      return { message: changed.data.message, status: read.data.o_orderstatus };
    },

    async fulfilAll(order_key) {
      const changes = [order_key, order_key + 1].map((key) => ({ o_orderkey: key, o_orderstatus: 'F' as const }));
      const changed = await updateOrderStatuses({ body: { changes, atomic: true }, throwOnError: true });
      const read = await getOrders({ query: { order_keys: [order_key + 1, order_key, order_key + 2] }, throwOnError: true });
      return {
        codes: changed.data.results.map((result) => result.code),
        statuses: read.data.orders.map((order) => order.o_orderstatus),
        missing: read.data.missing_order_keys.map(String),
      };
    },

    async guarded(order_key) {
      const read = await getOrder({ path: { order_key }, throwOnError: true });
      const tag = read.response.headers.get('ETag') ?? undefined;
      const change = (o_orderstatus: 'O' | 'F' | 'P') =>
        updateOrderStatus({ path: { order_key }, headers: { 'If-Match': tag }, body: { o_orderstatus } });
      const first = await change('P');
      const second = await change('F');
      return {
        first: first.response?.status ?? 0,
        second: refusal(second.error, second.response),
        tag: second.response?.headers.get('ETag') ?? null,
      };
    },

    async unchanged(order_key) {
      const read = await getOrder({ path: { order_key }, throwOnError: true });
      const tag = read.response.headers.get('ETag') ?? undefined;
      const again = await getOrder({ path: { order_key }, headers: { 'If-None-Match': tag } });
      const page = await listOrdersByPage({ query: { page_size: 1 }, headers: { Prefer: 'count=none' }, throwOnError: true });
      return { http: again.response?.status ?? 0, link: page.response.headers.get('Link') };
    },

    async missing(order_key) {
      const { error, response } = await getOrder({ path: { order_key } });
      return refusal(error, response);
    },

    async oversized(page_size) {
      const { error, response } = await listOrdersByPage({ query: { page_size } });
      return refusal(error, response);
    },

    async misspelt(order_key) {
      // @ts-expect-error: the compiler already refuses a status that may not be written.
      const { error, response } = await updateOrderStatus({ path: { order_key }, body: { o_orderstatus: 'f' } });
      return refusal(error, response);
    },

    async first() {
      const [first] = (await slice(0, 1)).orders;
      if (first === undefined) {
        throw new Error('There is no order.');
      }

      const { data, error } = await getOrder({ path: { order_key: first.o_orderkey } });
      return { key: String(first.o_orderkey), found: String(data?.o_orderkey ?? error?.code) };
    },
  };
});

function refusal(error: Problem | undefined, response: Response | undefined): Refusal {
  if (error === undefined || response === undefined) {
    throw new Error(`No error came back, but ${response?.status}.`);
  }

  return { http: response.status, code: error.code, errors: error.errors };
}
