using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>HEAD, which every GET answers: the same status and headers, without the body.</summary>
internal sealed class HeadOperations : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (IDictionary<HttpMethod, OpenApiOperation> operations in swaggerDoc.Paths.Values.Select(path => path.Operations!))
        {
            if (operations.TryGetValue(HttpMethod.Get, out OpenApiOperation? get))
            {
                operations[HttpMethod.Head] = HeadOf(get);
            }
        }
    }

    private static OpenApiOperation HeadOf(OpenApiOperation get) => new()
    {
        Tags = get.Tags,
        Summary = $"{get.Summary}, without the body",
        Description = $"The status and headers that `{get.OperationId}` would answer, without the body.",
        OperationId = $"{get.OperationId}Head",
        Parameters = get.Parameters,
        Security = get.Security,
        Responses = Without(get.Responses!),
    };

    private static OpenApiResponses Without(OpenApiResponses answers)
    {
        var heads = new OpenApiResponses();
        foreach ((string status, IOpenApiResponse answer) in answers)
        {
            heads[status] = new OpenApiResponse { Description = answer.Description, Headers = answer.Headers };
        }

        return heads;
    }
}
