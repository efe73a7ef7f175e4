using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Orders.Api.OpenApi.Attributes;

/// <summary>
/// An enumeration, as a schema of its own: generators name the type of one inside another schema after its place
/// (<c>OrderStatusUpdateO_orderstatus</c>).
/// </summary>
/// <param name="name">The schema's name.</param>
/// <param name="description">What it says.</param>
/// <param name="example">One of the values.</param>
/// <param name="values">The values on the wire, and what a program calls them.</param>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class EnumSchemaAttribute(
    string name, string description, string example, IReadOnlyList<(string Value, string Name)> values) : NamedSchemaAttribute(name)
{
    public override OpenApiSchema Create() => new()
    {
        Type = JsonSchemaType.String,
        Description = description,
        Enum = [.. values.Select(value => JsonValue.Create(value.Value))],
        Example = JsonValue.Create(example),
        Extensions = new Dictionary<string, IOpenApiExtension>
        {
            // The first is read by NSwag, the second by most others, the third by Kiota.
            ["x-enumNames"] = Names(),
            ["x-enum-varnames"] = Names(),
            ["x-ms-enum"] = new JsonNodeExtension(JsonSerializer.SerializeToNode(new
            {
                name = Name,
                modelAsString = false,
                values = values.Select(value => new { value = value.Value, name = value.Name }),
            })!),
        },
    };

    private JsonNodeExtension Names() => new(new JsonArray([.. values.Select(value => JsonValue.Create(value.Name))]));
}
