using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>Begins each description with the summary: generators of clients show one of the two.</summary>
internal sealed class WholeDescriptions : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context) =>
        operation.Description = string.IsNullOrEmpty(operation.Description)
            ? $"{operation.Summary}."
            : $"{operation.Summary}. {operation.Description}";
}
