using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Application;
using Orders.Domain;

namespace Orders.Api.Contracts;

/// <summary>A JSON array of <see cref="OrderResponse"/>, written while the orders are read.</summary>
/// <param name="expected">How many orders are to come at most.</param>
[JsonConverter(typeof(OrdersJsonConverter))]
public sealed class OrdersJson(int expected) : IOrderSink
{
    /// <summary>A little more than an order of TPC-H takes.</summary>
    private const int BytesPerOrder = 272;

    /// <summary>Of its thread: an order is written without a break.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    private readonly SegmentedBuffer _buffer = new(expected * BytesPerOrder);

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>The array, once it is complete.</summary>
    internal ReadOnlySequence<byte> Json { get; private set; }

    /// <inheritdoc/>
    public void Add(Order order)
    {
        _buffer.Write(Count == 0 ? "["u8 : ","u8);
        Utf8JsonWriter writer = s_writer ??= new Utf8JsonWriter(_buffer, ApiJson.WriterOptions);
        writer.Reset(_buffer);
        JsonSerializer.Serialize(writer, OrderResponse.From(order), ApiJson.Default.OrderResponse);
        Count++;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        _buffer.Write(Count == 0 ? "[]"u8 : "]"u8);
        Json = _buffer.End();
    }
}
