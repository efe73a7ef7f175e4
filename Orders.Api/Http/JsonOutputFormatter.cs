using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

/// <summary>Writes what actions return as JSON, whatever the client accepts, and with its length.</summary>
/// <remarks>
/// It serializes in one go into a pooled buffer. The framework's formatter serializes asynchronously, in chunks: 10 % of the throughput
/// of a slice of orders.
/// </remarks>
/// <param name="json">The framework's settings of JSON.</param>
/// <param name="isCompressed">Large answers are compressed for clients that accept it.</param>
internal sealed class JsonOutputFormatter(IOptions<JsonOptions> json, bool isCompressed)
    : IOutputFormatter, IApiResponseTypeMetadataProvider
{
    private const string ContentType = "application/json";

    /// <summary>Some 130 pages of 1,000 orders.</summary>
    private const long UnsentBytes = 32 * 1024 * 1024;

    /// <summary>As many as usually write at a time: one that held a page of 1,000 orders keeps 512 KiB.</summary>
    private static readonly ObjectPool<ArrayBufferWriter<byte>> Buffers =
        new DefaultObjectPool<ArrayBufferWriter<byte>>(new BufferPolicy(), maximumRetained: 64);

    /// <summary>One for each thread: nothing else runs on it while an answer is serialized.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    private readonly UnsentAnswers _unsent = new(UnsentBytes);

    public IReadOnlyList<string> GetSupportedContentTypes(string? contentType, Type objectType) => ["application/json"];

    public bool CanWriteResult(OutputFormatterCanWriteContext context) => true;

    public async Task WriteAsync(OutputFormatterWriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        HttpResponse response = context.HttpContext.Response;
        ArrayBufferWriter<byte> buffer = Buffers.Get();
        int length;
        try
        {
            Serialize(buffer, context.Object, context.ObjectType ?? typeof(object));
            length = buffer.WrittenCount;
            if (isCompressed && length >= Compression.MinBytes)
            {
                // Also to clients that accept no encoding: a cache between would give them what others accepted.
                response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            }

            if (context.Object is ITaggedContent && EntityTags.WriteOf(context.HttpContext, buffer.WrittenSpan))
            {
                return;
            }

            response.ContentType = ContentType;
            response.ContentLength = length;

            // What is written before the start is copied once more.
            await response.StartAsync(context.HttpContext.RequestAborted);
            response.BodyWriter.Write(buffer.WrittenSpan);
        }
        finally
        {
            // Not after the answer is sent: that is the client's time.
            Buffers.Return(buffer);
        }

        ValueTask<FlushResult> sending = response.BodyWriter.FlushAsync(context.HttpContext.RequestAborted);
        if (sending.IsCompleted)
        {
            await sending;
        }
        else if (Compression.IsInTheWay(context.HttpContext))
        {
            // The compression ends with the request's pipeline, and would send once more what is being sent.
            await _unsent.SendAsync(sending.AsTask(), context.HttpContext, length);
        }
        else
        {
            // Not waited for here: until MVC has ended, it keeps what was serialized.
            context.HttpContext.Features.Set(new UnsentAnswer(_unsent, sending.AsTask(), context.HttpContext, length));
        }
    }

    private void Serialize(ArrayBufferWriter<byte> buffer, object? value, Type type)
    {
        Utf8JsonWriter writer = s_writer ??= new Utf8JsonWriter(buffer, JsonSettings.WriterOptions);
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, value, json.Value.JsonSerializerOptions.GetTypeInfo(type));
    }

    private sealed class BufferPolicy : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        public override ArrayBufferWriter<byte> Create() => new(initialCapacity: 512);

        public override bool Return(ArrayBufferWriter<byte> obj)
        {
            obj.ResetWrittenCount();
            return true;
        }
    }
}
