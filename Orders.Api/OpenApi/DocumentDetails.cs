using System.ComponentModel;
using System.Reflection;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>The document as a whole: its server, and the tags of the controllers with their <c>[Description]</c>.</summary>
internal sealed class DocumentDetails : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // Wherever the document was read from: no host name is right for every installation.
        swaggerDoc.Servers = [new OpenApiServer { Url = "/", Description = "The service that this document was read from" }];
        swaggerDoc.Tags = context.ApiDescriptions
            .Select(operation => ((ControllerActionDescriptor)operation.ActionDescriptor).ControllerTypeInfo)
            .Distinct()
            .SelectMany(controller => controller.GetCustomAttribute<TagsAttribute>()!.Tags.Select(tag => new OpenApiTag
            {
                Name = tag,
                Description = controller.GetCustomAttribute<DescriptionAttribute>()?.Description,
            }))
            .OrderBy(tag => tag.Name, StringComparer.Ordinal)
            .ToHashSet();

        // Each operation that takes credentials says so itself.
        swaggerDoc.Security = [];
    }
}
