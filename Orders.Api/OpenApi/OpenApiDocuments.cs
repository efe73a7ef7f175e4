using System.Text;
using Microsoft.OpenApi;
using Orders.Api.Configuration;
using Orders.Api.Http;
using Orders.Api.Lakebase;
using Orders.Api.Orders;
using Orders.Api.Service;
using Swashbuckle.AspNetCore.Swagger;

namespace Orders.Api.OpenApi;

/// <summary>The OpenAPI document, 3.0 at <c>/openapi.json</c> and 3.1 at <c>/openapi/v3.1.json</c>, and the page that shows it.</summary>
internal static class OpenApiDocuments
{
    private const string Document = "openapi";

    /// <summary>The contract's own names for its types; a type that is not here has no place in the document.</summary>
    private static readonly Dictionary<Type, string> SchemaNames = new()
    {
        [typeof(OrderResponse)] = "Order",
        [typeof(OrderCountResponse)] = "OrderCount",
        [typeof(OrderSampleResponse)] = "OrderSample",
        [typeof(OrderPageResponse)] = "OrderPage",
        [typeof(PagePagination)] = "PagePagination",
        [typeof(OrderStreamResponse)] = "OrderStream",
        [typeof(StreamPagination)] = "StreamPagination",
        [typeof(UpdateOrderStatusRequest)] = "OrderStatusUpdate",
        [typeof(UpdateOrderStatusResponse)] = "OrderStatusUpdateResult",
        [typeof(ServiceResponse)] = "Service",
        [typeof(HealthcheckResponse)] = "Healthcheck",
        [typeof(HealthResponse)] = "Health",
        [typeof(ResourcesCreatedResponse)] = "LakebaseResourcesCreated",
        [typeof(ResourcesDeletedResponse)] = "LakebaseResourcesDeleted",
        [typeof(ResourcesResponse)] = "LakebaseResources",
        [typeof(ResourceStepResponse)] = "LakebaseResource",
        [typeof(SyncPipelineResponse)] = "SyncPipeline",
        [typeof(ProblemResponse)] = "Problem",
    };

    public static IServiceCollection AddOrdersOpenApi(this IServiceCollection services) => services.AddSwaggerGen(options =>
    {
        options.SwaggerDoc(Document, new OpenApiInfo { Title = "Orders", Version = ProductVersion.Current, Description = OpeningText.Markdown });
        options.IncludeXmlComments(typeof(OpenApiDocuments).Assembly);
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();
        options.CustomSchemaIds(type => SchemaNames[type]);
        options.CustomOperationIds(operation => operation.ActionDescriptor.AttributeRouteInfo!.Name);
        options.SchemaFilter<SchemaDetails>();
        options.ParameterFilter<ParameterDetails>();
        options.OperationFilter<OperationAnswers>();
        options.OperationFilter<ResourceAnswers>();
        options.DocumentFilter<DocumentDetails>();
    });

    public static void MapOrdersOpenApi(this WebApplication app)
    {
        MapDocument(app, "/openapi.json", OpenApiSpecVersion.OpenApi3_0);
        MapDocument(app, "/openapi/v3.1.json", OpenApiSpecVersion.OpenApi3_1);
        app.MapDocumentationPage();
    }

    /// <summary>Nothing changes the document while the service runs, so it is written once, for the first request.</summary>
    private static void MapDocument(IEndpointRouteBuilder endpoints, string path, OpenApiSpecVersion version)
    {
        FixedContent? content = null;
        endpoints.MapGet(path, async context =>
        {
            content ??= await WriteAsync(context.RequestServices.GetRequiredService<ISwaggerProvider>(), version);
            await content.AnswerAsync(context);
        });
    }

    private static async Task<FixedContent> WriteAsync(ISwaggerProvider documents, OpenApiSpecVersion version)
    {
        string json = await documents.GetSwagger(Document).SerializeAsJsonAsync(version);
        return new FixedContent(Encoding.UTF8.GetBytes(json), "application/json; charset=utf-8");
    }
}
