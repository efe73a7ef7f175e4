using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

/// <summary>Writes errors as problem documents (RFC 9457), the one form in which this API answers them.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    private static readonly JsonTypeInfo<ProblemResponse> Json = new ProblemJsonContext(
        new JsonSerializerOptions { Encoder = JsonSettings.Encoder }).ProblemResponse;

    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        HttpResponse response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        if (error.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        byte[] body = Serialize(error, CommonHeaders.TraceIdOf(context), context.Request.PathBase.ToUriComponent());
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    /// <param name="error">The error.</param>
    /// <param name="traceId">The request's.</param>
    /// <param name="pathBase">The path of a proxy under which the service is reached.</param>
    public static byte[] Serialize(ApiError error, string traceId, string pathBase = "") =>
        JsonSerializer.SerializeToUtf8Bytes(ProblemResponse.From(error, traceId, pathBase), Json);

    /// <summary>For a status that the framework set without a body.</summary>
    public static Task WriteStatusAsync(HttpContext context)
    {
        // Of all that set a status alone, only the host filter sets this one.
        if (context.Response.StatusCode == StatusCodes.Status400BadRequest)
        {
            return WriteAsync(context, ApiError.HostNotAllowed);
        }

        // Whatever answers GET answers HEAD, though only GET has an endpoint.
        if (context.Response.Headers.Allow is [{ } allow] && allow.Split(", ").Contains(HttpMethods.Get))
        {
            context.Response.Headers.Allow = $"{allow}, {HttpMethods.Head}";
        }

        return WriteAsync(context, ApiError.FromStatus(context.Response.StatusCode));
    }
}
