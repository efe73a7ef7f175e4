using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Orders.Api.OpenApi;

/// <summary>Content that stays as it is while the service runs. A client that has it already is answered 304.</summary>
internal sealed class FixedContent(byte[] content, string contentType)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..16])}\"");

    public Task AnswerAsync(HttpContext context)
    {
        // To be kept, but asked for again each time: the next version of the service may have another.
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        context.Response.Headers.CacheControl = CacheControlHeaderValue.NoCacheString;
        return TypedResults.Bytes(content, contentType, entityTag: _tag).ExecuteAsync(context);
    }
}
