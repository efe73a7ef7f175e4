import { exactFetch } from './exact-fetch.js';

/** What each program does by its generated client. Keys are written as strings, so that what was read shows to the last digit. */
export interface Program {
  /** Follows next_cursor to the last order, then previous_cursor to the first. */
  walk(pageSize: number): Promise<{ forward: string[]; back: string[] }>;

  /** Looks an order up. */
  order(key: number): Promise<unknown>;

  /** Changes a status, and reads the order again. */
  fulfil(key: number): Promise<{ message: string; status: string }>;

  /** What the service says to a key that no order has. */
  missing(key: number): Promise<Refusal>;

  /** What the service says to a page of this size. */
  oversized(pageSize: number): Promise<Refusal>;

  /** What the service says to a status that may not be written. */
  misspelt(key: number): Promise<Refusal>;

  /** Reads several orders, and changes them by one call, all or none. */
  fulfilAll(key: number): Promise<{ codes: string[]; statuses: string[]; missing: string[] }>;

  /** Changes a status if the order is unchanged, then once more as if it still were. */
  guarded(key: number): Promise<{ first: number; second: Refusal; tag: string | null }>;

  /** Asks whether an order has changed since it was read. */
  unchanged(key: number): Promise<{ http: number; link: string | null }>;

  /** Reads the first key of the table, and looks its order up. */
  first(): Promise<{ key: string; found: string }>;
}

/** What is read of an error. */
export interface Refusal {
  http: number;
  code: string;
  errors: Record<string, string[]> | undefined;
}

/** What the program says who it is. */
export interface Credentials {
  apiKey?: string;
  token?: string;
}

/**
 * Does one step and writes its outcome as JSON. Arguments: the service's address, json or exact, the step, its number, and where the
 * service asks for it apiKey or token with its value.
 */
export async function run(
  start: (baseUrl: string, fetch: typeof globalThis.fetch, credentials: Credentials) => Program,
): Promise<void> {
  const [baseUrl = '', parsing, step, number, kind, credential] = process.argv.slice(2);
  const program = start(baseUrl, parsing === 'exact' ? exactFetch : fetch, kind === undefined ? {} : { [kind]: credential });
  const outcome = await program[step as keyof Program](Number(number));
  console.log(JSON.stringify(outcome));
}
