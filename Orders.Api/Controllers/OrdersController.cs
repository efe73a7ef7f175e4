using Microsoft.AspNetCore.Mvc;
using Orders.Api.Caching;
using Orders.Api.Contracts;
using Orders.Api.Errors;
using Orders.Application;
using Orders.Domain;

namespace Orders.Api.Controllers;

/// <summary>The orders operations of the contract: HTTP in, HTTP out.</summary>
[ApiController]
[Route("api/v1/orders")]
[Tags("orders")]
public sealed class OrdersController(OrderService orders, HttpCaching caching) : ControllerBase
{
    [HttpGet("count")]
    [FailureDetail("Failed to retrieve order count")]
    public async Task<ActionResult<OrderCountResponse>> Count(CancellationToken cancellationToken)
    {
        OrderCount count = await orders.CountAsync(caching.AcceptedAge(Request), cancellationToken);
        caching.DescribeCount(Response, count);
        return new OrderCountResponse { TotalOrders = count.Orders };
    }

    [HttpGet("sample")]
    [FailureDetail("Failed to retrieve sample orders")]
    public async Task<ActionResult<OrderSampleResponse>> Sample(CancellationToken cancellationToken)
    {
        HttpCaching.RequireRevalidation(Response);
        return new OrderSampleResponse { SampleOrderKeys = await orders.SampleKeysAsync(cancellationToken) };
    }

    [HttpGet("pages")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<ActionResult<OrderPageResponse>> Pages([FromQuery(Name = "")] OrderPageQuery query, CancellationToken cancellationToken)
    {
        OrderPage page = await orders.PageAsync(
            query.Page, query.PageSize, query.IncludeCount, caching.AcceptedAge(Request), cancellationToken);
        caching.DescribeTotal(Response, page.Total);
        return OrderPageResponse.From(page);
    }

    [HttpGet("stream")]
    [FailureDetail("Failed to retrieve orders")]
    public async Task<ActionResult<OrderStreamResponse>> Stream([FromQuery(Name = "")] OrderStreamQuery query, CancellationToken cancellationToken)
    {
        HttpCaching.RequireRevalidation(Response);
        OrderSlice slice = await orders.StreamAsync(query.Cursor, query.PageSize, cancellationToken);
        return OrderStreamResponse.From(slice, query.PageSize);
    }

    [HttpGet("{order_key}")]
    [FailureDetail("Internal server error occurred")]
    public async Task<ActionResult<OrderResponse>> Get([FromRoute(Name = "order_key")] long orderKey, CancellationToken cancellationToken)
    {
        if (orderKey <= 0)
        {
            return new ApiErrorResult(ApiError.InvalidOrderKey);
        }

        HttpCaching.RequireRevalidation(Response);
        return await orders.FindAsync(orderKey, cancellationToken) is { } order
            ? OrderResponse.From(order)
            : new ApiErrorResult(ApiError.OrderNotFound(orderKey));
    }

    [HttpPost("{order_key}/status")]
    [FailureDetail("Failed to update order status")]
    public async Task<ActionResult<UpdateOrderStatusResponse>> UpdateStatus(
        [FromRoute(Name = "order_key")] long orderKey, [FromBody] UpdateOrderStatusRequest request, CancellationToken cancellationToken)
    {
        if (orderKey <= 0)
        {
            return new ApiErrorResult(ApiError.InvalidOrderKey);
        }

        // The validator has let only a writable status through.
        OrderStatus status = OrderStatus.FromCode(request.Status)!;
        return await orders.ChangeStatusAsync(orderKey, status, cancellationToken) switch
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
