using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Api.Orders;

/// <summary>Marks the place of orders that are JSON already; an answer gets them when it is sent, without another copy of them.</summary>
internal sealed class OrdersJsonConverter : JsonConverter<OrdersJson>
{
    public override OrdersJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The service writes orders and reads none.");

    public override void Write(Utf8JsonWriter writer, OrdersJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue([OrdersJson.Placeholder], skipInputValidation: true);
}
