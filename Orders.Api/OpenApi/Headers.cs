using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Orders.Api.OpenApi;

/// <summary>The two kinds of headers that answers have.</summary>
internal static class Headers
{
    public static OpenApiHeader Text(string description, string example) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = JsonValue.Create(example),
    };

    public static OpenApiHeader Seconds(string description, int example) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
        Example = JsonValue.Create(example),
    };
}
