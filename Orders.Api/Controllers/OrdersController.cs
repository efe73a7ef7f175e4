using Microsoft.AspNetCore.Mvc;
using Orders.Api.Caching;
using Orders.Api.Contracts;
using Orders.Api.Errors;
using Orders.Api.Hosting;
using Orders.Application;
using Orders.Domain;

namespace Orders.Api.Controllers;

/// <summary>The orders operations of the contract: HTTP in, HTTP out.</summary>
/// <remarks>The token is taken from the request: as a parameter it would be bound like one, half a kilobyte each time.</remarks>
[ApiController]
[Route("api/v1/orders")]
[Tags("orders")]
public sealed class OrdersController(OrderService orders, HttpCaching caching, ForwardedCaller caller) : ControllerBase
{
    /// <summary>The number of orders</summary>
    /// <remarks>Exact. It may be remembered for the configured maximum age, 2 seconds by default, and says so in `Cache-Control` and `Age`. Send `Cache-Control: no-cache` for a fresh one.</remarks>
    [HttpGet("count", Name = "countOrders")]
    [FailureDetail("Failed to retrieve order count")]
    public async Task<ActionResult<OrderCountResponse>> Count()
    {
        OrderCount count = await orders.CountAsync(caching.AcceptedAge(Request), HttpContext.RequestAborted);
        caching.DescribeCount(Response, count);
        return new OrderCountResponse { TotalOrders = count.Orders };
    }

    /// <summary>Five random order keys</summary>
    /// <remarks>Distinct keys of existing orders, drawn from the whole table; fewer only if it holds fewer.</remarks>
    [HttpGet("sample", Name = "sampleOrderKeys")]
    [FailureDetail("Failed to retrieve sample orders")]
    public async Task<ActionResult<OrderSampleResponse>> Sample()
    {
        HttpCaching.RequireRevalidation(Response);
        return new OrderSampleResponse { SampleOrderKeys = await orders.SampleKeysAsync(HttpContext.RequestAborted) };
    }

    /// <summary>Orders by page number</summary>
    /// <remarks>Offset pagination: jumps to any page, which costs much the same at any depth. Where orders were inserted or deleted, the numbering may be as old as the totals. To walk all orders follow `next_cursor` with the operation `streamOrders`. Past the end there are no orders, and that is no error.</remarks>
    [HttpGet("pages", Name = "listOrdersByPage")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<ActionResult<OrderPageResponse>> Pages([FromQuery(Name = "")] OrderPageQuery query)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        OrderPage page = await orders.PageAsync(
            query.Page, query.PageSize, query.IncludeCount, caching.AcceptedAge(Request), HttpContext.RequestAborted);
        caching.DescribeTotal(Response, page.Total);
        return OrderPageResponse.From(page);
    }

    /// <summary>Orders after a cursor</summary>
    /// <remarks>Keyset pagination: as fast anywhere in the table. Follow `next_cursor` forward and `previous_cursor` back until they are null; each order is met once each way.</remarks>
    [HttpGet("stream", Name = "streamOrders")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<ActionResult<OrderStreamResponse>> Stream([FromQuery(Name = "")] OrderStreamQuery query)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        HttpCaching.RequireRevalidation(Response);
        OrderSlice slice = await orders.StreamAsync(query.Cursor, query.PageSize, HttpContext.RequestAborted);
        return OrderStreamResponse.From(slice, query.PageSize);
    }

    /// <summary>One order</summary>
    /// <remarks>Always read from the table: after a change of status is answered, this shows it.</remarks>
    [HttpGet("{order_key}", Name = "getOrder")]
    [FailureDetail("Internal server error occurred")]
    public async Task<ActionResult<OrderResponse>> Get([FromRoute(Name = "order_key")] long orderKey)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        if (orderKey <= 0)
        {
            return new ApiErrorResult(ApiError.InvalidOrderKey);
        }

        HttpCaching.RequireRevalidation(Response);
        return await orders.FindAsync(orderKey, HttpContext.RequestAborted) is { } order
            ? OrderResponse.From(order)
            : new ApiErrorResult(ApiError.OrderNotFound(orderKey));
    }

    /// <summary>Change the status of an order</summary>
    /// <remarks>The change is durable when the answer arrives. Repeating it gives the same answer.</remarks>
    [HttpPost("{order_key}/status", Name = "updateOrderStatus")]
    [FailureDetail("Failed to update order status")]
    public async Task<ActionResult<UpdateOrderStatusResponse>> UpdateStatus(
        [FromRoute(Name = "order_key")] long orderKey, [FromBody] UpdateOrderStatusRequest request)
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
        return await orders.ChangeStatusAsync(orderKey, status, caller.NameIn(Request), HttpContext.RequestAborted) switch
        {
            StatusChange.Changed => new UpdateOrderStatusResponse
            {
                OrderKey = orderKey,
                Status = status.Code,
                Message = "Order status updated successfully",
            },
            StatusChange.OrderNotFound => new ApiErrorResult(ApiError.OrderNotFound(orderKey)),
        };
    }
}
