using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>What belongs to the document as a whole.</summary>
internal sealed class DocumentDetails : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // Wherever the document was read from: no host name is right for every installation.
        swaggerDoc.Servers = [new OpenApiServer { Url = "/", Description = "The service that this document was read from" }];
        swaggerDoc.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "orders", Description = "Orders in ascending order of their keys" },
            new() { Name = "service", Description = "The service itself" },
        };

        // No operation asks who calls.
        swaggerDoc.Security = [];
    }
}
