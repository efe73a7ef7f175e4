/**
 * A fetch for a generated client whose keys may go past 2^53, where JSON.parse reads a number as its nearest neighbour: such an
 * integer arrives as a string of its digits, which the client sends back unchanged as a key or a cursor. BigInt(key) takes both.
 */
export const exactFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const json = await response.text();
  return new Response(json.replace(stringOrNumber, quoteUnsafe), response);
};

/** A string is a match of its own, so that digits in it stay as they are. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function quoteUnsafe(token: string): string {
  const isInteger = /^-?\d+$/.test(token);
  return isInteger && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
