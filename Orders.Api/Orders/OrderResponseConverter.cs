using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Api.Orders;

/// <summary>
/// Writes an order. The code that the serializer generates calls it again for each date, at the price of a tenth of the order.
/// </summary>
internal sealed class OrderResponseConverter : JsonConverter<OrderResponse>
{
    private static readonly JsonEncodedText OrderKey = JsonEncodedText.Encode("o_orderkey");
    private static readonly JsonEncodedText CustomerKey = JsonEncodedText.Encode("o_custkey");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("o_orderstatus");
    private static readonly JsonEncodedText TotalPrice = JsonEncodedText.Encode("o_totalprice");
    private static readonly JsonEncodedText OrderDate = JsonEncodedText.Encode("o_orderdate");
    private static readonly JsonEncodedText Priority = JsonEncodedText.Encode("o_orderpriority");
    private static readonly JsonEncodedText Clerk = JsonEncodedText.Encode("o_clerk");
    private static readonly JsonEncodedText ShipPriority = JsonEncodedText.Encode("o_shippriority");
    private static readonly JsonEncodedText Comment = JsonEncodedText.Encode("o_comment");

    public override OrderResponse Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The service writes orders and reads none.");

    public override void Write(Utf8JsonWriter writer, OrderResponse value, JsonSerializerOptions options)
    {
        Span<byte> date = stackalloc byte["yyyy-MM-dd".Length];
        value.OrderDate.TryFormat(date, out _, "O");
        writer.WriteStartObject();
        writer.WriteNumber(OrderKey, value.OrderKey);
        writer.WriteNumber(CustomerKey, value.CustomerKey);
        writer.WriteString(Status, value.Status);
        writer.WriteNumber(TotalPrice, value.TotalPrice);
        writer.WriteString(OrderDate, date);
        writer.WriteString(Priority, value.Priority);
        writer.WriteString(Clerk, value.Clerk);
        writer.WriteNumber(ShipPriority, value.ShipPriority);
        writer.WriteString(Comment, value.Comment);
        writer.WriteEndObject();
    }
}
