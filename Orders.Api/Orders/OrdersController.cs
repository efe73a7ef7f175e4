using System.ComponentModel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Orders.Api.Http;
using Orders.Api.Limits;
using Orders.Api.OpenApi.Attributes;
using Orders.Api.Security;
using Orders.Application.Orders;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>The orders operations of the contract: HTTP in, HTTP out.</summary>
/// <remarks>The token is taken from the request: as a parameter it would be bound like one, half a kilobyte each time.</remarks>
[ApiController]
[RateLimited]
[Route("api/v1/orders")]
[Tags("orders")]
[Description("Orders in ascending order of their keys")]
public sealed partial class OrdersController(
    OrderService orders, LargePages largePages, CacheHeaders caching, Caller caller, ILogger<OrdersController> logger) : ControllerBase
{
    private const string OrderKey = "The key of an order, `o_orderkey`. Positive, 64-bit.";
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
    [AnswerHeader(
        "Cache-Control",
        "Only for its caller's cache. The orders may not be reused without asking again; `max-age` tells how old the totals may be, in "
            + "seconds.",
        "private, no-cache, max-age=2")]
    [AnswerHeader("Age", "How old the totals are, in seconds; only with the count.", 0)]
    [AnswersInvalid("page_size")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<IActionResult> Pages([FromQuery(Name = "")] OrderPageQuery query)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        await largePages.WaitAsync(HttpContext, query.PageSize);
        OrderPage page = await orders.PageAsync(
            query.Page, query.PageSize, query.IncludeCount, caching.AcceptedAge(Request), HttpContext.RequestAborted);
        caching.WritePage(Response, page.Total);
        return Ok(OrderPageResponse.From(page));
    }

    /// <summary>Orders after a cursor</summary>
    /// <remarks>Keyset pagination: as fast anywhere in the table. Follow `next_cursor` forward and `previous_cursor` back until they are null; each order is met once each way.</remarks>
    [HttpGet("stream", Name = "streamOrders")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderStreamResponse>(StatusCodes.Status200OK)]
    [AnswerHeader("Cache-Control", Revalidate, "private, no-cache")]
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
        return Ok(OrderStreamResponse.From(slice, query.PageSize));
    }

    /// <summary>One order</summary>
    /// <remarks>Always read from the table: after a change of status is answered, this shows it.</remarks>
    [HttpGet("{order_key}", Name = "getOrder")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<OrderResponse>(StatusCodes.Status200OK)]
    [AnswerHeader("Cache-Control", Revalidate, "private, no-cache")]
    [AnswersError(nameof(ApiError.InvalidOrderKey), "The order key is zero or negative.")]
    [AnswersError(nameof(ApiError.OrderNotFound), "There is no order with this key.", 8L)]
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
        return await orders.FindAsync(orderKey, HttpContext.RequestAborted) is { } order
            ? Ok(OrderResponse.From(order))
            : new ApiErrorResult(ApiError.OrderNotFound(orderKey));
    }

    /// <summary>Change the status of an order</summary>
    /// <remarks>The change is durable when the answer arrives. Repeating it gives the same answer.</remarks>
    [HttpPost("{order_key}/status", Name = "updateOrderStatus")]
    [Authorize(Scopes.Write)]
    [ProducesResponseType<UpdateOrderStatusResponse>(StatusCodes.Status200OK)]
    [ChangesOrders]
    [AnswersError(nameof(ApiError.InvalidOrderKey), "The order key is zero or negative.")]
    [AnswersError(nameof(ApiError.ReadOnly), "The service is set to take no changes, by `Orders:ReadOnly`.")]
    [AnswersError(nameof(ApiError.OrderNotFound), "There is no order with this key.", 8L)]
    [AnswersError(nameof(ApiError.RequestTimeout), "The body did not arrive in time.")]
    [AnswersError(nameof(ApiError.PayloadTooLarge), "The body is larger than 16 KiB.")]
    [AnswersError(nameof(ApiError.UnsupportedMediaType), "The body is not JSON by its content type.")]
    [AnswersInvalid("o_orderstatus", "The key or the body is not valid; `errors` tells what is wrong with which part.")]
    [FailureDetail("Failed to update order status")]
    public async Task<IActionResult> UpdateStatus(
        [FromRoute(Name = "order_key"), Description(OrderKey), Minimum(1), Example(1)] long orderKey,
        [FromBody] UpdateOrderStatusRequest request)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        if (orderKey <= 0)
        {
            return new ApiErrorResult(ApiError.InvalidOrderKey);
        }

        // The validator has let only a writable status through.
        OrderStatus status = OrderStatus.FromCode(request.Status)!;
        string? changedBy = caller.NameIn(HttpContext);
        if (await orders.ChangeStatusAsync(orderKey, status, changedBy, HttpContext.RequestAborted) == StatusUpdateResult.OrderNotFound)
        {
            return new ApiErrorResult(ApiError.OrderNotFound(orderKey));
        }

        LogChanged(logger, orderKey, status.Code, changedBy ?? Caller.Anonymous, HttpContext.Connection.RemoteIpAddress);
        return Ok(new UpdateOrderStatusResponse
        {
            OrderKey = orderKey,
            Status = status.Code,
            Message = "Order status updated successfully",
        });
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Order {OrderKey} has status {OrderStatus} now, changed by {Caller} at {ClientAddress}")]
    private static partial void LogChanged(
        ILogger logger, long orderKey, string orderStatus, string caller, System.Net.IPAddress? clientAddress);
}
