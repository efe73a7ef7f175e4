using Microsoft.OpenApi;
using Orders.Api.Contracts;

namespace Orders.Api.OpenApi;

/// <summary>The OpenAPI document, 3.0 at <c>/openapi.json</c> and 3.1 at <c>/openapi/v3.1.json</c>, and Swagger UI at <c>/docs</c>.</summary>
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
        [typeof(ProblemResponse)] = "Problem",
    };

    public static IServiceCollection AddOrdersOpenApi(this IServiceCollection services) => services.AddSwaggerGen(options =>
    {
        options.SwaggerDoc(Document, new OpenApiInfo { Title = "Orders", Version = "1.0.0", Description = OpeningText.Markdown });
        options.IncludeXmlComments(typeof(OpenApiDocuments).Assembly);
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();
        options.CustomSchemaIds(type => SchemaNames[type]);
        options.CustomOperationIds(operation => operation.ActionDescriptor.AttributeRouteInfo!.Name);
        options.SchemaFilter<SchemaDetails>();
        options.ParameterFilter<ParameterDetails>();
        options.OperationFilter<OperationAnswers>();
        options.DocumentFilter<DocumentDetails>();
    });

    public static void UseOrdersOpenApi(this IApplicationBuilder app)
    {
        app.UseSwagger(options => options.RouteTemplate = "/{documentName}.json");
        app.UseSwagger(options =>
        {
            options.RouteTemplate = "/{documentName}/v3.1.json";
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        });
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "Orders API";
            options.SwaggerEndpoint("/openapi.json", "Orders 1.0.0");
            options.ConfigObject.TryItOutEnabled = true;
            options.ConfigObject.DisplayRequestDuration = true;
        });
    }
}
