using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Api.Http;
using Orders.Application.Orders;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>A JSON array of <see cref="OrderResponse"/>, written while the orders are read.</summary>
[JsonConverter(typeof(OrdersJsonConverter))]
[SuppressMessage("Design", "CA1001", Justification = "The writer holds nothing but its buffer.")]
public sealed class OrdersJson : IOrderSink
{
    /// <summary>What stands in an answer where its orders belong: a byte that JSON does not have.</summary>
    internal const byte Placeholder = 0;

    /// <summary>A little more than an order of TPC-H takes.</summary>
    private const int BytesPerOrder = 272;

    private readonly SegmentedBuffer _buffer;
    private readonly Utf8JsonWriter _writer;

    /// <param name="expected">How many orders are to come at most.</param>
    public OrdersJson(int expected)
    {
        _buffer = new SegmentedBuffer(expected * BytesPerOrder);
        _writer = new Utf8JsonWriter(_buffer, ApiJson.WriterOptions);
        _writer.WriteStartArray();
    }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>The array, once it is complete.</summary>
    internal ReadOnlySequence<byte> Json { get; private set; }

    /// <inheritdoc/>
    public void Add(Order order)
    {
        OrderJson.Write(_writer, order);
        Count++;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        _writer.WriteEndArray();
        _writer.Flush();
        Json = _buffer.End();
    }
}
