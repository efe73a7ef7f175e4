using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Orders.Api.Configuration;
using Swashbuckle.AspNetCore.Swagger;

namespace Orders.Api.OpenApi;

/// <summary>The OpenAPI document, 3.0 at <c>/openapi.json</c> and 3.1 at <c>/openapi/v3.1.json</c>, and the page that shows it.</summary>
internal static class OpenApiDocuments
{
    private const string Document = "openapi";

    public static IServiceCollection AddOrdersOpenApi(this IServiceCollection services) =>
        services.AddSingleton<ValidationRules>().AddSwaggerGen(options =>
    {
        options.SwaggerDoc(
            Document, new OpenApiInfo { Title = "Orders", Version = ProductVersion.Current, Description = OpeningText.Markdown });
        options.IncludeXmlComments(typeof(OpenApiDocuments).Assembly);
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();

        // By tags, as Swashbuckle does, and under each what reads first: the files of a controller are compiled in any order.
        options.OrderActionsBy(operation => operation.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().First().Tags[0]
            + (operation.HttpMethod == HttpMethods.Get ? "1" : "2"));
        options.CustomSchemaIds(Schemas.NameOf);
        options.CustomOperationIds(operation => operation.ActionDescriptor.AttributeRouteInfo!.Name);
        options.SchemaFilter<SchemaDetails>();
        options.ParameterFilter<ParameterDetails>();
        options.OperationFilter<RequestHeaders>();
        options.OperationFilter<SuccessAnswers>();
        options.OperationFilter<ErrorAnswers>();
        options.OperationFilter<OperationSecurity>();
        options.OperationFilter<NamedExamples>();
        options.OperationFilter<WholeDescriptions>();
        options.DocumentFilter<DocumentDetails>();
        options.DocumentFilter<CommonAnswerHeaders>();
        options.DocumentFilter<HeadOperations>();
    });

    public static void MapOrdersOpenApi(this WebApplication app)
    {
        MapDocument(app, "/openapi.json", OpenApiSpecVersion.OpenApi3_0);
        MapDocument(app, "/openapi/v3.1.json", OpenApiSpecVersion.OpenApi3_1);
        app.MapDocumentationPage();
    }

    /// <summary>
    /// Nothing changes the document while the service runs, so it is written once, for the first request; under the path of a proxy each
    /// time, with that path as its server.
    /// </summary>
    private static void MapDocument(IEndpointRouteBuilder endpoints, string path, OpenApiSpecVersion version)
    {
        FixedContent? content = null;
        endpoints.MapGet(path, async context =>
        {
            ISwaggerProvider documents = context.RequestServices.GetRequiredService<ISwaggerProvider>();
            if (context.Request.PathBase is { HasValue: true } prefix)
            {
                await (await WriteAsync(documents, version, prefix.ToUriComponent())).AnswerAsync(context);
                return;
            }

            content ??= await WriteAsync(documents, version, "/");
            await content.AnswerAsync(context);
        });
    }

    private static async Task<FixedContent> WriteAsync(ISwaggerProvider documents, OpenApiSpecVersion version, string server)
    {
        OpenApiDocument document = documents.GetSwagger(Document);
        document.Servers![0].Url = server;
        string json = await document.SerializeAsJsonAsync(version);
        return new FixedContent(Encoding.UTF8.GetBytes(json), "application/json");
    }
}
