namespace Orders.Api.Http;

/// <summary>Answers HEAD wherever GET is answered, as RFC 9110 wants it: the same status and headers, no body.</summary>
/// <remarks>
/// The request runs as a GET, whose body Kestrel drops because of the method on its wire. So no operation, health check or
/// document needs an endpoint of its own for HEAD.
/// </remarks>
internal static class HeadRequestExtensions
{
    public static IApplicationBuilder UseHeadRequests(this IApplicationBuilder app) => app.Use(static (context, next) =>
        HttpMethods.IsHead(context.Request.Method) ? AnswerAsGetAsync(context, next) : next(context));

    private static async Task AnswerAsGetAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
    }
}
