using System.ComponentModel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;
using Orders.Api.Security;
using Orders.Application.Orders;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <content>What reads.</content>
public sealed partial class OrdersController
{
    private const string KeysNote =
        "Up to 1,000 keys, `o_orderkey`, with commas between them; the parameter may be repeated as well. Positive, 64-bit.";
    private const string Revalidate = "Only for its caller's cache, and not to be reused without asking again.";

    /// <summary>The number of orders</summary>
    /// <remarks>Exact. It may be remembered for the configured maximum age, 2 seconds by default, and says so in `Cache-Control` and `Age`. Send `Cache-Control: no-cache` for a fresh one. Only the first count since the service started has to be waited for.</remarks>
    [HttpGet("count", Name = "countOrders")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderCountResponse>(StatusCodes.Status200OK)]
    [AnswerHeader("Cache-Control", "How long its caller's cache may reuse the count: `max-age` in seconds.", "private, max-age=2")]
    [AnswerHeader("Age", "How old the count is, in seconds.", 0)]
    [AnswersError(
        nameof(ApiError.CountNotReady), "The orders are still being counted for the first time, and that took longer than a request may.")]
    [FailureDetail("Failed to retrieve order count")]
    public async Task<IActionResult> Count()
    {
        OrderCount count = await orders.CountAsync(caching.AcceptedAge(Request), HttpContext.RequestAborted);
        caching.WriteCount(Response, count);
        return Ok(new OrderCountResponse { TotalOrders = count.Orders });
    }

    /// <summary>Five random order keys</summary>
    /// <remarks>Distinct keys of existing orders, drawn from the whole table; fewer only if it holds fewer.</remarks>
    [HttpGet("sample", Name = "sampleOrderKeys")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderSampleResponse>(StatusCodes.Status200OK)]
    [AnswerHeader("Cache-Control", Revalidate, "private, no-cache")]
    [FailureDetail("Failed to retrieve sample orders")]
    public async Task<IActionResult> Sample()
    {
        CacheHeaders.RequireRevalidation(Response);
        return Ok(new OrderSampleResponse { SampleOrderKeys = await orders.SampleKeysAsync(HttpContext.RequestAborted) });
    }

    /// <summary>Orders by page number</summary>
    /// <remarks>Offset pagination: jumps to any page, which costs much the same at any depth. Where orders were inserted or deleted, the numbering may be as old as the totals. While the orders are counted for the first time, a page waits a second for its totals and then has -1 in their place. To walk all orders follow `next_cursor` with the operation `streamOrders`. Past the end there are no orders, and that is no error.</remarks>
    [HttpGet("pages", Name = "listOrdersByPage")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderPageResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = EntityTagNotes.NotModified)]
    [RequestHeader(ConsistencyExtensions.Header, ConsistencyNotes.Read, ConsistencyNotes.Example)]
    [RequestHeader("If-None-Match", EntityTagNotes.IfNoneMatch, EntityTagNotes.ContentExample)]
    [RequestHeader(
        "Prefer", "With totals or without, `count=exact` or `count=none`; for a request that leaves out `include_count`.", "count=none")]
    [AnswerHeader(
        "Cache-Control",
        "Only for its caller's cache. The orders may not be reused without asking again; `max-age` tells how old the totals may be, in "
            + "seconds.",
        "private, no-cache, max-age=2")]
    [AnswerHeader("Age", "How old the totals are, in seconds; only with the count.", 0)]
    [AnswerHeader("ETag", EntityTagNotes.Content, EntityTagNotes.ContentExample)]
    [AnswerHeader(
        "Link",
        "The pages `next` and `prev` where there are such, and with totals `first` and `last` (RFC 8288): relative, with all of the "
            + "request's parameters.",
        "<?page=2&page_size=1>; rel=\"next\", <?page=1&page_size=1>; rel=\"first\", <?page=15000&page_size=1>; rel=\"last\"")]
    [AnswerHeader("Preference-Applied", "The preference that was followed; only then.", "count=none")]
    [AnswerHeader("Vary", "`Prefer` decides on the totals.", "Prefer")]
    [AnswersInvalid("page_size")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<IActionResult> Pages([FromQuery(Name = "")] OrderPageQuery query)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        await largePages.WaitAsync(HttpContext, query.PageSize);
        bool? preferred = CountPreference.Of(Request);
        OrderPage page = await orders.PageAsync(
            query.Page, query.PageSize, preferred ?? query.IncludeCount, caching.AcceptedAge(Request), HttpContext.RequestAborted);
        caching.WritePage(Response, page.Total);
        CountPreference.WriteApplied(Response, preferred, page);
        PageLinks.Write(
            HttpContext, "page", (PageLinks.Next, page.NextNumber), (PageLinks.Previous, page.PreviousNumber),
            (PageLinks.First, page.Total is null ? null : 1), (PageLinks.Last, page.LastNumber));
        return Ok(OrderPageResponse.From(page));
    }

    /// <summary>Orders after a cursor</summary>
    /// <remarks>Keyset pagination: as fast anywhere in the table. Follow `next_cursor` forward and `previous_cursor` back until they are null; each order is met once each way.</remarks>
    [HttpGet("stream", Name = "streamOrders")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderStreamResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = EntityTagNotes.NotModified)]
    [RequestHeader(ConsistencyExtensions.Header, ConsistencyNotes.Read, ConsistencyNotes.Example)]
    [RequestHeader("If-None-Match", EntityTagNotes.IfNoneMatch, EntityTagNotes.ContentExample)]
    [AnswerHeader("Cache-Control", Revalidate, "private, no-cache")]
    [AnswerHeader("ETag", EntityTagNotes.Content, EntityTagNotes.ContentExample)]
    [AnswerHeader(
        "Link", "The slices `next` and `prev` where there are such (RFC 8288): relative, with all of the request's parameters.",
        "<?cursor=1&page_size=1>; rel=\"next\"")]
    [AnswersInvalid("page_size")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<IActionResult> Stream([FromQuery(Name = "")] OrderStreamQuery query)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        CacheHeaders.RequireRevalidation(Response);
        await largePages.WaitAsync(HttpContext, query.PageSize);
        OrderSlice slice = await orders.StreamAsync(query.Cursor, query.PageSize, HttpContext.RequestAborted);
        PageLinks.Write(HttpContext, "cursor", (PageLinks.Next, slice.NextCursor), (PageLinks.Previous, slice.PreviousCursor));
        return Ok(OrderStreamResponse.From(slice, query.PageSize));
    }

    /// <summary>One order</summary>
    /// <remarks>Always read from the table: after a change of status is answered, this shows it.</remarks>
    [HttpGet("{order_key}", Name = "getOrder")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = EntityTagNotes.NotModified)]
    [RequestHeader(ConsistencyExtensions.Header, ConsistencyNotes.Read, ConsistencyNotes.Example)]
    [RequestHeader("If-None-Match", EntityTagNotes.IfNoneMatch, EntityTagNotes.OrderExample)]
    [AnswerHeader("Cache-Control", Revalidate, "private, no-cache")]
    [AnswerHeader("ETag", EntityTagNotes.Order, EntityTagNotes.OrderExample)]
    [AnswersError(nameof(ApiError.InvalidOrderKey), "The order key is zero or negative.")]
    [AnswersError(nameof(ApiError.OrderNotFound), "There is no order with this key.", 8L, Request = "order_key=8")]
    [AnswersInvalid("order_key", "The order key is not a whole number of 64 bits.", Message = "has to be a whole number")]
    [FailureDetail("Internal server error occurred")]
    public async Task<IActionResult> Get([FromRoute(Name = "order_key"), Description(OrderKey), Minimum(1), Example(1)] long orderKey)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        if (orderKey <= 0)
        {
            return new ApiErrorResult(ApiError.InvalidOrderKey);
        }

        CacheHeaders.RequireRevalidation(Response);
        if (await orders.FindAsync(orderKey, HttpContext.RequestAborted) is not { } order)
        {
            return new ApiErrorResult(ApiError.OrderNotFound(orderKey));
        }

        string tag = OrderTag.Of(OrderVersion.Of(order));
        Response.Headers.ETag = tag;
        return EntityTags.IsKnown(Request, tag) ? StatusCode(StatusCodes.Status304NotModified) : Ok(OrderResponse.From(order));
    }

    /// <summary>Orders by their keys</summary>
    /// <remarks>Up to 1,000 orders at once, in ascending order of their keys, each once. Keys that no order has are listed in `missing_order_keys`, and that is no error.</remarks>
    [HttpGet("", Name = "getOrders")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderListResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = EntityTagNotes.NotModified)]
    [RequestHeader(ConsistencyExtensions.Header, ConsistencyNotes.Read, ConsistencyNotes.Example)]
    [RequestHeader("If-None-Match", EntityTagNotes.IfNoneMatch, EntityTagNotes.ContentExample)]
    [AnswerHeader("Cache-Control", Revalidate, "private, no-cache")]
    [AnswerHeader("ETag", EntityTagNotes.Content, EntityTagNotes.ContentExample)]
    [AnswersInvalid("order_keys", Message = "has to be 1 to 1000 whole numbers from 1 to 9223372036854775807, with commas between them")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<IActionResult> GetMany(
        [FromQuery(Name = "order_keys"), Description(KeysNote), Items(1, PageSize.Maximum), Minimum(1), Example(new long[] { 1, 2, 8 })]
        long[] orderKeys)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        CacheHeaders.RequireRevalidation(Response);
        await largePages.WaitAsync(HttpContext, orderKeys.Length);
        (IReadOnlyList<Order> found, IReadOnlyList<long> missing) = await orders.FindAsync(orderKeys, HttpContext.RequestAborted);
        return Ok(OrderListResponse.From(found, missing));
    }
}
