using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>
/// The statuses that may be written, as a schema of their own: generators name the type of an enumeration inside another schema
/// after its place (<c>OrderStatusUpdateO_orderstatus</c>).
/// </summary>
internal sealed class WritableStatusAttribute() : NamedSchemaAttribute("OrderStatus")
{
    private static readonly (OrderStatus Status, string Name, string Meaning)[] Values =
    [
        (OrderStatus.Open, nameof(OrderStatus.Open), "open, no line item is shipped"),
        (OrderStatus.Fulfilled, nameof(OrderStatus.Fulfilled), "fulfilled, all are"),
        (OrderStatus.PartiallyFulfilled, nameof(OrderStatus.PartiallyFulfilled), "partially fulfilled, some are"),
    ];

    public override OpenApiSchema Create() => new()
    {
        Type = JsonSchemaType.String,
        Description = "A status that may be written. "
                + $"{string.Join(". ", Values.Select(value => $"{value.Status.Code}: {value.Meaning}"))}.",
        Enum = [.. Values.Select(value => JsonValue.Create(value.Status.Code))],
        Example = JsonValue.Create(OrderStatus.Fulfilled.Code),
        Extensions = new Dictionary<string, IOpenApiExtension>
        {
            // What a program calls them: the first is read by NSwag, the second by most others.
            ["x-enumNames"] = Names(),
            ["x-enum-varnames"] = Names(),
        },
    };

    private static JsonNodeExtension Names() => new(new JsonArray([.. Values.Select(value => JsonValue.Create(value.Name))]));
}
