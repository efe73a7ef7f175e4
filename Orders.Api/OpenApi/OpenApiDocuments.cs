using Microsoft.OpenApi;

namespace Orders.Api.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi.json</c>, and Swagger UI at <c>/docs</c>.</summary>
internal static class OpenApiDocuments
{
    private const string Document = "openapi";

    public static IServiceCollection AddOrdersOpenApi(this IServiceCollection services) => services.AddSwaggerGen(options =>
        options.SwaggerDoc(Document, new OpenApiInfo { Title = "Orders", Version = "v1" }));

    public static void UseOrdersOpenApi(this IApplicationBuilder app)
    {
        app.UseSwagger(options => options.RouteTemplate = "/{documentName}.json");
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "Orders API";
            options.SwaggerEndpoint("/openapi.json", "Orders v1");
        });
    }
}
