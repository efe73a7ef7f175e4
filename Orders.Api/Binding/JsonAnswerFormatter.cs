using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.Formatters;
using Orders.Api.Contracts;

namespace Orders.Api.Binding;

/// <summary>Writes answers in one piece and with their length, by the code that was generated for their types.</summary>
/// <remarks>
/// The framework's formatter goes through each property's metadata, since generated code is not used where the options have an
/// encoder. Here the writer has it.
/// </remarks>
internal sealed class JsonAnswerFormatter : OutputFormatter
{
    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>Of its thread: an answer is written and copied without a break.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    public JsonAnswerFormatter() => SupportedMediaTypes.Add("application/json");

    public override void WriteResponseHeaders(OutputFormatterWriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.HttpContext.Response.ContentType = ContentType;
    }

    public override Task WriteResponseBodyAsync(OutputFormatterWriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        HttpResponse response = context.HttpContext.Response;
        ArrayBufferWriter<byte> buffer = s_buffer ??= new ArrayBufferWriter<byte>();
        Utf8JsonWriter writer = s_writer ??= new Utf8JsonWriter(buffer, ApiJson.WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, context.Object, TypeInfo(context));
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        return response.BodyWriter.FlushAsync(context.HttpContext.RequestAborted).AsTask();
    }

    private static JsonTypeInfo TypeInfo(OutputFormatterWriteContext context) =>
        ApiJson.Default.GetTypeInfo(context.ObjectType!) ?? throw new NotSupportedException($"{context.ObjectType} is not in {nameof(ApiJson)}.");
}
