using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>What became of one of several changes, as a schema of its own.</summary>
internal sealed class ChangeCodeAttribute() : NamedSchemaAttribute("OrderStatusChangeCode")
{
    public const string Changed = "changed";
    public const string OrderNotFound = "order_not_found";
    public const string PreconditionFailed = "precondition_failed";

    private static readonly (string Code, string Name)[] Values =
    [
        (Changed, nameof(Changed)), (OrderNotFound, nameof(OrderNotFound)), (PreconditionFailed, nameof(PreconditionFailed)),
    ];

    public override OpenApiSchema Create() => new()
    {
        Type = JsonSchemaType.String,
        Description = "What became of a change. changed: the order has the status now, durably. order_not_found: there is no such order. "
            + "precondition_failed: the order is another version than the change names, and was not changed.",
        Enum = [.. Values.Select(value => JsonValue.Create(value.Code))],
        Example = JsonValue.Create(Changed),
        Extensions = new Dictionary<string, IOpenApiExtension> { ["x-enumNames"] = Names(), ["x-enum-varnames"] = Names() },
    };

    private static JsonNodeExtension Names() => new(new JsonArray([.. Values.Select(value => JsonValue.Create(value.Name))]));
}
