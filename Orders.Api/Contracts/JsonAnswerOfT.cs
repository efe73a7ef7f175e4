using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Orders.Api.Contracts;

/// <summary>
/// An answer in JSON, whatever the client accepts, as in the recipe: by the code that was generated for its type, in one piece
/// and with its length.
/// </summary>
/// <param name="value">The answer.</param>
/// <param name="status">The HTTP status.</param>
internal sealed class JsonAnswer<T>(T value, int status) : IActionResult
{
    private const string ContentType = "application/json; charset=utf-8";

    private static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)(ApiJson.Default.GetTypeInfo(typeof(T))
        ?? throw new NotSupportedException($"{typeof(T)} is not in {nameof(ApiJson)}."));

    public Task ExecuteResultAsync(ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        HttpResponse response = context.HttpContext.Response;
        ArrayBufferWriter<byte> body = JsonAnswer.Write(value, Type);
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = body.WrittenCount;
        response.BodyWriter.Write(body.WrittenSpan);
        return response.BodyWriter.FlushAsync(context.HttpContext.RequestAborted).AsTask();
    }
}
