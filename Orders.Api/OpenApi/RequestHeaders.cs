using System.Reflection;
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

                // Not as an example of the parameter: the documentation page would send it.
                Description = $"{header.Description} Like `{header.Example}`.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }
}
