using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Application.Lakebase;
using Orders.Application.Orders;
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
                (schema.Minimum, schema.Maximum) = ("1", $"{PageSize.Maximum}");
                break;
            case "include_count":
                details.Example = JsonValue.Create(true);
                schema.Default = JsonValue.Create(true);
                break;
            case "create_resources" or "confirm_deletion":
                // Tried as it stands on the page for people, nothing is done.
                (details.Required, details.Example) = (true, JsonValue.Create(false));
                break;
            case "capacity":
                // No default and no example in these: what is left out is taken as it is where it exists.
                schema.Enum = [.. CreateResources.Capacities.Select(capacity => JsonValue.Create(capacity))];
                break;
            case "node_count":
                (schema.Minimum, schema.Maximum) = ("1", $"{CreateResources.MostNodes}");
                break;
            case "retention_window_in_days":
                (schema.Minimum, schema.Maximum) = ($"{CreateResources.ShortestRetention}", $"{CreateResources.LongestRetention}");
                break;
            case "cursor":
                details.Example = JsonValue.Create(32L);
                schema.Default = JsonValue.Create(0L);
                (schema.Minimum, schema.Maximum) = ("0", $"{long.MaxValue}");
                break;
        }
    }
}
