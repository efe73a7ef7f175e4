using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Orders.Api.Orders;

namespace Orders.Api.Http;

/// <summary>
/// An answer in JSON, whatever the client accepts, as in the recipe: by the code that was generated for its type, and with its
/// length.
/// </summary>
/// <param name="value">The answer.</param>
/// <param name="status">The HTTP status.</param>
internal sealed class JsonAnswer<T>(T value, int status) : IActionResult
{
    private const string ContentType = "application/json; charset=utf-8";

    private static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)(ApiJson.Default.GetTypeInfo(typeof(T))
        ?? throw new NotSupportedException($"{typeof(T)} is not in {nameof(ApiJson)}."));

    public async Task ExecuteResultAsync(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        HttpResponse response = context.HttpContext.Response;
        CancellationToken aborted = context.HttpContext.RequestAborted;
        ArrayBufferWriter<byte> buffer = JsonAnswer.Buffers.Get();
        try
        {
            JsonAnswer.Write(buffer, value, Type);
            OrdersJson? orders = (value as IAnswerWithOrders)?.Orders;
            response.StatusCode = status;
            response.ContentType = ContentType;
            response.ContentLength = buffer.WrittenCount + (orders is null ? 0 : orders.Json.Length - 1);

            // What is written before the start is copied once more.
            await response.StartAsync(aborted);
            await (orders is null ? SendAsync(response.BodyWriter, buffer.WrittenMemory, aborted) : SendAsync(response.BodyWriter, buffer.WrittenMemory, orders, aborted));
        }
        finally
        {
            JsonAnswer.Buffers.Return(buffer);
        }
    }

    private static ValueTask<FlushResult> SendAsync(PipeWriter body, ReadOnlyMemory<byte> json, CancellationToken aborted)
    {
        body.Write(json.Span);
        return body.FlushAsync(aborted);
    }

    /// <summary>Puts the orders in their place, a part at a time: a slow reader is waited for, instead of buffering all of them.</summary>
    private static async ValueTask<FlushResult> SendAsync(PipeWriter body, ReadOnlyMemory<byte> json, OrdersJson orders, CancellationToken aborted)
    {
        int place = json.Span.IndexOf(OrdersJson.Placeholder);
        body.Write(json.Span[..place]);
        ReadOnlySequence<byte> rest = orders.Json;
        while (!rest.IsSingleSegment)
        {
            body.Write(rest.FirstSpan);
            await body.FlushAsync(aborted);
            rest = rest.Slice(rest.First.Length);
        }

        body.Write(rest.FirstSpan);
        body.Write(json.Span[(place + 1)..]);
        return await body.FlushAsync(aborted);
    }
}
