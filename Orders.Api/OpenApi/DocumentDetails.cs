using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>What belongs to the document as a whole.</summary>
internal sealed class DocumentDetails : IDocumentFilter
{
    private const string Resources = "resources";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // Wherever the document was read from: no host name is right for every installation.
        swaggerDoc.Servers = [new OpenApiServer { Url = "/", Description = "The service that this document was read from" }];
        swaggerDoc.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "orders", Description = "Orders in ascending order of their keys" },
            new() { Name = "service", Description = "The service itself" },
        };

        if (swaggerDoc.Paths.Any(path => path.Value.Operations!.Values.Any(operation => operation.Tags!.Any(tag => tag.Name == Resources))))
        {
            swaggerDoc.Tags.Add(new OpenApiTag { Name = Resources, Description = "The database server on Databricks Lakebase and what belongs to it" });
        }

        // No operation asks who calls, but for those that say so themselves.
        swaggerDoc.Security = [];
    }
}
