using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orders.Api.Contracts;

/// <summary>Makes answers in JSON.</summary>
internal static class JsonAnswer
{
    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    public static JsonAnswer<T> Of<T>(T value, int status = StatusCodes.Status200OK) => new(value, status);

    /// <summary>Writes into a buffer of the thread's, which is to be copied before the thread does anything else.</summary>
    public static ArrayBufferWriter<byte> Write<T>(T value, JsonTypeInfo<T> type)
    {
        ArrayBufferWriter<byte> buffer = s_buffer ??= new ArrayBufferWriter<byte>();
        Utf8JsonWriter writer = s_writer ??= new Utf8JsonWriter(buffer, ApiJson.WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, value, type);
        return buffer;
    }
}
