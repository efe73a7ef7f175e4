using Microsoft.Extensions.Primitives;

namespace Orders.Api.Http;

/// <summary>Headers that every answer has, whatever becomes of it.</summary>
internal static class SecurityHeaders
{
    /// <summary>A browser may not take an answer for another type than the one it names.</summary>
    public const string NoSniff = "nosniff";

    /// <param name="app">The service.</param>
    /// <param name="withHsts">Tell clients that come by TLS to do so always (<c>Strict-Transport-Security</c>).</param>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, bool withHsts)
    {
        app.Use(static (context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = NoSniff;
            return next(context);
        });
        return withHsts ? app.UseHsts() : app;
    }

    /// <summary>Clears what a failed request has prepared, but not these headers.</summary>
    public static void Clear(HttpResponse response)
    {
        StringValues transport = response.Headers.StrictTransportSecurity;
        response.Clear();
        response.Headers.XContentTypeOptions = NoSniff;
        response.Headers.StrictTransportSecurity = transport;
    }
}
