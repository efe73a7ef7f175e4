using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.ObjectPool;

namespace Orders.Api.Http;

/// <summary>Makes answers in JSON.</summary>
internal static class JsonAnswer
{
    /// <summary>As many as usually write at a time: one that held a page of 1,000 orders keeps 512 KiB.</summary>
    public static readonly ObjectPool<ArrayBufferWriter<byte>> Buffers =
        new DefaultObjectPool<ArrayBufferWriter<byte>>(new BufferPolicy(), maximumRetained: 64);

    /// <summary>Of its thread: an answer is written without a break.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    public static JsonAnswer<T> Of<T>(T value, int status = StatusCodes.Status200OK) => new(value, status);

    public static void Write<T>(ArrayBufferWriter<byte> buffer, T value, JsonTypeInfo<T> type)
    {
        Utf8JsonWriter writer = s_writer ??= new Utf8JsonWriter(buffer, ApiJson.WriterOptions);
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, value, type);
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
