using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.Validation;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>Bounds, defaults and examples of the parameters; the examples answer 200 on the sample data.</summary>
internal sealed class ParameterDetails : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter details || details.Schema is not OpenApiSchema schema)
        {
            return;
        }

        switch (details.Name)
        {
            case "order_key":
                details.Description = "The key of an order, `o_orderkey`. Positive, 64-bit.";
                details.Example = JsonValue.Create(1L);
                (schema.Minimum, schema.Maximum) = ("1", $"{long.MaxValue}");
                break;
            case "page":
                details.Example = JsonValue.Create(2);
                schema.Default = JsonValue.Create(1);
                (schema.Minimum, schema.Maximum) = ("1", $"{int.MaxValue}");
                break;
            case "page_size":
                details.Example = JsonValue.Create(3);
                schema.Default = JsonValue.Create(100);
                (schema.Minimum, schema.Maximum) = ("1", $"{PageSizeRule.Maximum}");
                break;
            case "include_count":
                details.Example = JsonValue.Create(true);
                schema.Default = JsonValue.Create(true);
                break;
            case "cursor":
                details.Example = JsonValue.Create(32L);
                schema.Default = JsonValue.Create(0L);
                (schema.Minimum, schema.Maximum) = ("0", $"{long.MaxValue}");
                break;
        }
    }
}
