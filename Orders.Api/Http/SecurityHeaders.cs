using Microsoft.Extensions.Primitives;

namespace Orders.Api.Http;

/// <summary>Headers that every answer has, whatever becomes of it.</summary>
internal static class SecurityHeaders
{
    /// <summary>A browser may not take an answer for another type than the one it names.</summary>
    public const string NoSniff = "nosniff";

    public static void Set(HttpResponse response) => response.Headers.XContentTypeOptions = NoSniff;

    /// <summary>Clears what a failed request has prepared, but not these headers.</summary>
    public static void Clear(HttpResponse response)
    {
        StringValues transport = response.Headers.StrictTransportSecurity;
        response.Clear();
        Set(response);
        response.Headers.StrictTransportSecurity = transport;
    }
}
