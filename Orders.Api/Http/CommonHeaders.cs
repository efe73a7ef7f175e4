using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Orders.Api.Http;

/// <summary>Headers that every answer has, whatever becomes of it.</summary>
internal static class CommonHeaders
{
    /// <summary>A browser may not take an answer for another type than the one it names.</summary>
    public const string NoSniff = "nosniff";

    /// <summary>The request's W3C trace id, as problem documents and the log have it.</summary>
    public const string TraceId = "Trace-Id";

    public static void Set(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = NoSniff;
        response.Headers[TraceId] = TraceIdOf(response.HttpContext);
    }

    public static string TraceIdOf(HttpContext context) =>
        (context.Features.Get<IHttpActivityFeature>()?.Activity ?? Activity.Current)?.TraceId.ToHexString() ?? context.TraceIdentifier;

    /// <summary>Clears what a failed request has prepared, but not these headers.</summary>
    public static void Clear(HttpResponse response)
    {
        StringValues transport = response.Headers.StrictTransportSecurity;
        response.Clear();
        Set(response);
        response.Headers.StrictTransportSecurity = transport;
    }
}
