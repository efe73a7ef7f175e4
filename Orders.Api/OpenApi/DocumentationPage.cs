namespace Orders.Api.OpenApi;

/// <summary>
/// The page at <c>/docs</c>: the files of Swagger UI, which Swashbuckle carries, started by a script of our own. It finds the
/// service under any path of a proxy, and needs no <c>eval</c> as Swashbuckle's does.
/// </summary>
internal static class DocumentationPage
{
    private const string Folder = "/docs";

    /// <summary>
    /// Nothing from another host, and no script but the files served here. Swagger UI has its icons in <c>data:</c> addresses.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDocumentationPage(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Folder), page => page.Use(ProtectAsync));
        app.MapSwaggerUI(Folder.TrimStart('/'), options => options.IndexStream = () => Open("index.html"))
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
        MapFile(app, "page.js", "text/javascript; charset=utf-8");
        MapFile(app, "page.css", "text/css; charset=utf-8");
    }

    private static Task ProtectAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        return next(context);
    }

    private static void MapFile(IEndpointRouteBuilder endpoints, string name, string contentType)
    {
        using Stream file = Open(name);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        endpoints.MapGet($"{Folder}/{name}", new FixedContent(bytes, contentType).AnswerAsync);
    }

    private static Stream Open(string name) => typeof(DocumentationPage).Assembly.GetManifestResourceStream(name)!;
}
