using Microsoft.AspNetCore.Connections.Features;

namespace Orders.Api.Http;

/// <summary>What RFC 9110 wants of every request, whatever it asks for.</summary>
internal static class HttpSemanticsExtensions
{
    /// <summary>Answers HEAD wherever GET is answered, and announces the end of a connection that ends after its answer.</summary>
    /// <remarks>
    /// HEAD runs as a GET, whose body Kestrel drops because of the method on its wire. So no operation, health check or document needs an
    /// endpoint of its own for HEAD.
    /// </remarks>
    /// <param name="app">The service.</param>
    /// <param name="keptBytes">Up to this length Kestrel reads an unread body by itself, and keeps the connection.</param>
    /// <param name="isDraining">Whether clients should open a new connection for their next request: another instance then gets it.</param>
    public static IApplicationBuilder UseHttpSemantics(
        this IApplicationBuilder app, long keptBytes, Func<bool> isDraining) => app.Use((context, next) =>
    {
        if (isDraining())
        {
            // On HTTP/1.1 the answer says Connection: close, on HTTP/2 it is GOAWAY. An idle connection is left alone, as its client may
            // be sending a request.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        UnreadBodies.Announce(context, keptBytes);
        return HttpMethods.IsHead(context.Request.Method) ? AnswerAsGetAsync(context, next) : next(context);
    });

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
