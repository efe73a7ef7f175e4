using Microsoft.OpenApi;
using Orders.Api.Http;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>The header that every answer has.</summary>
internal sealed class CommonAnswerHeaders : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Components!.Headers = new Dictionary<string, IOpenApiHeader>
        {
            [CommonHeaders.TraceId] = Headers.Text(
                "Finds this request in the service's log (W3C trace id).", ProblemResponse.Example.TraceId),
        };
        foreach (OpenApiResponse answer in swaggerDoc.Paths.Values
            .SelectMany(path => path.Operations!.Values)
            .SelectMany(operation => operation.Responses!.Values)
            .OfType<OpenApiResponse>())
        {
            answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
            answer.Headers[CommonHeaders.TraceId] = new OpenApiHeaderReference(CommonHeaders.TraceId, swaggerDoc);
        }
    }
}
