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

/// <summary>The orders operations of the contract: HTTP in, HTTP out. Here are the changes.</summary>
/// <remarks>The token is taken from the request: as a parameter it would be bound like one, half a kilobyte each time.</remarks>
[ApiController]
[RateLimited]
[Route("api/v1/orders")]
[Tags("orders")]
[Description("Orders in ascending order of their keys")]
public sealed partial class OrdersController(
    OrderService orders, LargePages largePages, FurtherPermits permits, CacheHeaders caching, Caller caller,
    ILogger<OrdersController> logger) : ControllerBase
{
    private const string OrderKey = "The key of an order, `o_orderkey`. Positive, 64-bit.";
    private const string IfMatchComplaint = "has to be * or a list of entity tags in quotes, as the header ETag has them";

    /// <summary>Change the status of an order</summary>
    /// <remarks>The change is durable when the answer arrives. Repeating it gives the same answer. With `If-Match` it is made only if the order is still the version that the caller has read: nobody's change is lost. On 412, read the order again and decide anew. To `Prefer: return=minimal` the answer is 204 without a body, with the new `ETag`.</remarks>
    [HttpPost("{order_key}/status", Name = "updateOrderStatus")]
    [Authorize(Scopes.Write)]
    [ProducesResponseType<UpdateOrderStatusResponse>(StatusCodes.Status200OK)]
    [RequestHeader("If-Match", ChangeNotes.IfMatch, EntityTagNotes.OrderExample)]
    [AnswerHeader("ETag", EntityTagNotes.Changed, EntityTagNotes.OrderExample)]
    [AnswerHeader(ConsistencyExtensions.Header, ConsistencyNotes.Changed, ConsistencyNotes.Example)]
    [ChangesOrders]
    [AnswersError(nameof(ApiError.InvalidOrderKey), "The order key is zero or negative.")]
    [AnswersError(nameof(ApiError.ReadOnly), "The service is set to take no changes, by `Orders:ReadOnly`.")]
    [AnswersError(nameof(ApiError.OrderNotFound), "There is no order with this key.", 8L, Request = "order_key=8")]
    [AnswersError(nameof(ApiError.RequestTimeout), "The body did not arrive in time.")]
    [AnswersError(nameof(ApiError.PreconditionFailed), ChangeNotes.OtherVersion, new long[] { 1 })]
    [AnswersError(nameof(ApiError.PayloadTooLarge), "The body is larger than 16 KiB.")]
    [AnswersError(nameof(ApiError.UnsupportedMediaType), "The body is not JSON by its content type.")]
    [AnswersInvalid("o_orderstatus", "The key, the body or `If-Match` is not valid; `errors` tells what is wrong with which part.")]
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
        if (Request.Headers.IfMatch.Count > 0 || Preferences.AreMinimal(Request))
        {
            return await ChangeVersionAsync(orderKey, status, changedBy);
        }

        if (await orders.ChangeStatusAsync(orderKey, status, changedBy, HttpContext.RequestAborted) == StatusUpdateResult.OrderNotFound)
        {
            return new ApiErrorResult(ApiError.OrderNotFound(orderKey));
        }

        return Changed(orderKey, status, changedBy);
    }

    /// <summary>Change the statuses of several orders</summary>
    /// <remarks>Up to 1,000 changes at once, each of another order, durable when the answer arrives. The results tell what became of each. With `atomic` all changes are made or none: then a missing order is 404, and one that is another version 412. Under a rate limit each change counts. To `Prefer: return=minimal` the answer is 204 without a body if all changes are made.</remarks>
    [HttpPost("status", Name = "updateOrderStatuses")]
    [Authorize(Scopes.Write)]
    [BodyLimit(UpdateOrderStatusesRequest.MaxKibibytes)]
    [ProducesResponseType<UpdateOrderStatusesResponse>(StatusCodes.Status200OK)]
    [AnswerHeader(ConsistencyExtensions.Header, ConsistencyNotes.Changed, ConsistencyNotes.Example)]
    [ChangesOrders]
    [AnswersError(nameof(ApiError.ReadOnly), "The service is set to take no changes, by `Orders:ReadOnly`.")]
    [AnswersError(nameof(ApiError.OrdersNotFound), ChangeNotes.Missing, new long[] { 8, 9 }, Body = ChangeNotes.MissingExample)]
    [AnswersError(nameof(ApiError.RequestTimeout), "The body did not arrive in time.")]
    [AnswersError(
        nameof(ApiError.PreconditionFailed), ChangeNotes.OtherVersions, new long[] { 1, 2 }, Body = ChangeNotes.OtherVersionsExample)]
    [AnswersError(nameof(ApiError.BodyTooLarge), "The body is larger than 256 KiB.", UpdateOrderStatusesRequest.MaxKibibytes)]
    [AnswersError(nameof(ApiError.UnsupportedMediaType), "The body is not JSON by its content type.")]
    [AnswersInvalid("changes", ChangeNotes.Invalid, Message = "has to be a list of 1 to 1000 changes")]
    [FailureDetail("Failed to update order status")]
    public async Task<IActionResult> UpdateStatuses([FromBody] UpdateOrderStatusesRequest request)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        IReadOnlyList<StatusChange> changes = request.ToChanges();
        if (permits.Take(HttpContext, changes.Count) is { } refusal)
        {
            return refusal;
        }

        bool isAtomic = request.Atomic == true;
        string? changedBy = caller.NameIn(HttpContext);
        StatusChangeResult[] results = new StatusChangeResult[changes.Count];

        // Each change is logged as soon as it is made: a later one may fail.
        await orders.ChangeStatusesAsync(
            changes,
            isAtomic,
            changedBy,
            (index, result) =>
            {
                results[index] = result;
                if (result.Outcome == StatusChangeOutcome.Changed)
                {
                    Log(changes[index].OrderKey, changes[index].Status, changedBy);
                }
            },
            HttpContext.RequestAborted);
        if (isAtomic && results.Any(result => result.Outcome != StatusChangeOutcome.Changed))
        {
            long[] missing = KeysOf(StatusChangeOutcome.OrderNotFound);
            return new ApiErrorResult(missing.Length > 0
                ? ApiError.OrdersNotFound(missing)
                : ApiError.PreconditionFailed(KeysOf(StatusChangeOutcome.OtherVersion)));
        }

        if (Preferences.AreMinimal(Request) && results.All(result => result.Outcome == StatusChangeOutcome.Changed))
        {
            return Minimal();
        }

        return Ok(new UpdateOrderStatusesResponse
        {
            Results = [.. results.Select((result, index) => OrderStatusChangeResult.From(changes[index].OrderKey, result))],
        });

        long[] KeysOf(StatusChangeOutcome outcome) =>
            [.. changes.Where((_, index) => results[index].Outcome == outcome).Select(change => change.OrderKey)];
    }

    private async Task<IActionResult> ChangeVersionAsync(long orderKey, OrderStatus status, string? changedBy)
    {
        IReadOnlyList<OrderVersion>? versions = null;
        if (Request.Headers.IfMatch is { Count: > 0 } expected && !OrderTag.TryRead(expected, out versions))
        {
            ModelState.AddModelError("If-Match", IfMatchComplaint);
            return ValidationErrors.Answer(ModelState);
        }

        var change = new StatusChange { OrderKey = orderKey, Status = status, Versions = versions, ReturnsVersion = true };
        StatusChangeResult result = await orders.ChangeStatusAsync(change, changedBy, HttpContext.RequestAborted);
        if (result.Version is { } version)
        {
            Response.Headers.ETag = OrderTag.Of(version);
        }

        return result.Outcome switch
        {
            StatusChangeOutcome.OrderNotFound => new ApiErrorResult(ApiError.OrderNotFound(orderKey)),
            StatusChangeOutcome.OtherVersion => new ApiErrorResult(ApiError.PreconditionFailed(orderKey)),
            _ => Changed(orderKey, status, changedBy),
        };
    }

    private IActionResult Changed(long orderKey, OrderStatus status, string? changedBy)
    {
        Log(orderKey, status, changedBy);
        return Preferences.AreMinimal(Request)
            ? Minimal()
            : Ok(new UpdateOrderStatusResponse
            {
                OrderKey = orderKey,
                Status = status.Code,
                Message = UpdateOrderStatusResponse.Success,
            });
    }

    private NoContentResult Minimal()
    {
        Response.Headers[Preferences.Applied] = Preferences.Minimal;
        return NoContent();
    }

    private void Log(long orderKey, OrderStatus status, string? changedBy) =>
        LogChanged(logger, orderKey, status.Code, changedBy ?? Caller.Anonymous, HttpContext.Connection.RemoteIpAddress);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Order {OrderKey} has status {OrderStatus} now, changed by {Caller} at {ClientAddress}")]
    private static partial void LogChanged(
        ILogger logger, long orderKey, string orderStatus, string caller, System.Net.IPAddress? clientAddress);
}
