using Orders.Api.Http;

namespace Orders.Api.OpenApi;

/// <summary>What a reader of the document meets first.</summary>
internal static class OpeningText
{
    public static readonly string Markdown =
        $$$"""
        Orders on PostgreSQL: look up, page through, count, and change the status of millions of them.

        | endpoint | method | purpose | best for |
        | --- | --- | --- | --- |
        | `/api/v1/orders/count` | GET | total number of orders | dashboards, monitoring |
        | `/api/v1/orders/sample` | GET | five random order keys | testing, development |
        | `/api/v1/orders/pages` | GET | offset pagination | interfaces with page numbers |
        | `/api/v1/orders/stream` | GET | keyset pagination | large data sets, infinite scrolling |
        | `/api/v1/orders/{order_key}` | GET | one order | order details, look-ups |
        | `/api/v1/orders` | GET | up to 1,000 orders by key | joins with data of one's own |
        | `/api/v1/orders/{order_key}/status` | POST | change a status | order processing |
        | `/api/v1/orders/status` | POST | up to 1,000 changes, each on its own or all or none | batches, imports |

        Answers with orders have an `ETag`: `If-None-Match` asks whether they still hold, and `If-Match` keeps a change from
        overwriting somebody else's. Pages and slices have a `Link` to their neighbours.

        Orders come in ascending order of their keys. Every GET answers HEAD too. Every error is a problem document
        (RFC 9457) whose `code` never changes its meaning; `/problems` explains each. Operations on orders take a
        bearer token or an API key with the scope that they name, unless the service is open to all. Keys are 64-bit:
        in JavaScript, those past 2^53 need a parser that keeps them.

        ### Errors
        | code | status | what it means | again? |
        | --- | --- | --- | --- |
        {{{string.Join('\n', ErrorKinds.All.Select(kind => $"| `{kind.Code}` | {kind.Status} | {kind.Meaning} | {kind.Retry} |"))}}}
        """;
}
