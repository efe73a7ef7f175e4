using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>The headers that requests of an operation may have.</summary>
internal sealed class RequestHeaders : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (RequestHeaderAttribute header in context.MethodInfo.GetCustomAttributes<RequestHeaderAttribute>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },

                // No example of the parameter itself: the documentation page would send it.
                Extensions = new Dictionary<string, IOpenApiExtension> { ["x-example"] = new JsonNodeExtension(JsonValue.Create(header.Example)) },
            });
        }
    }
}
