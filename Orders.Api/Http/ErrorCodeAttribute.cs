using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Http;

/// <summary>One of the codes of <see cref="ErrorKinds"/>.</summary>
internal sealed class ErrorCodeAttribute() : NamedSchemaAttribute("ErrorCode")
{
    public override OpenApiSchema Create() => new()
    {
        Type = JsonSchemaType.String,
        Description = "What a program decides on; a code never changes its meaning. `/problems` explains each.",
        Enum = [.. ErrorKinds.All.Select(kind => JsonValue.Create(kind.Code))],
        Example = JsonValue.Create("order_not_found"),
        Extensions = new Dictionary<string, IOpenApiExtension> { ["x-enumNames"] = Names(), ["x-enum-varnames"] = Names() },
    };

    private static JsonNodeExtension Names() =>
        new(new JsonArray([.. ErrorKinds.All.Select(kind => JsonValue.Create(NameOf(kind.Code)))]));

    /// <summary>order_not_found becomes OrderNotFound.</summary>
    private static string NameOf(string code) =>
        string.Concat(code.Split('_').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}"));
}
