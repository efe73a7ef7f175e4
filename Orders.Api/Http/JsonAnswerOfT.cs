using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;

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
            response.StatusCode = status;
            response.ContentType = ContentType;
            response.ContentLength = buffer.WrittenCount;

            // What is written before the start is copied once more.
            await response.StartAsync(aborted);
            await response.BodyWriter.WriteAsync(buffer.WrittenMemory, aborted);
        }
        finally
        {
            JsonAnswer.Buffers.Return(buffer);
        }
    }
}
