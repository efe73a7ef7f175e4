using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Api.Contracts;

/// <summary>Money as a JSON number with exactly two decimals, also where the database keeps fewer or more.</summary>
internal sealed class MoneyJsonConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Scale == 2 ? value : decimal.Round(value, 2) + 0.00m);
}
