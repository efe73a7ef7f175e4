using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Api.Contracts;

/// <summary>Puts orders that are JSON already into an answer.</summary>
internal sealed class OrdersJsonConverter : JsonConverter<OrdersJson>
{
    public override OrdersJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The service writes orders and reads none.");

    public override void Write(Utf8JsonWriter writer, OrdersJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Json, skipInputValidation: true);
}
