using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Orders.Api.Http;

/// <summary>The framework's response compression, for answers that are worth it.</summary>
internal sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options), IResponseCompressionProvider
{
    /// <summary>Smaller answers fit in one packet anyway.</summary>
    public const int MinBytes = 1024;

    private static readonly string[] Encodings = ["br", "gzip"];

    public static void AddTo(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            // Nothing secret stands beside what a request can choose, which an attacker could measure (BREACH).
            compression.EnableForHttps = true;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, Compression>();
    }

    public static void Use(IApplicationBuilder app)
    {
        app.Use(static (context, next) =>
        {
            IHeaderDictionary headers = context.Request.Headers;
            if (headers.IfNoneMatch.Count > 0)
            {
                headers.IfNoneMatch = WithoutEncoding(headers.IfNoneMatch);
            }

            if (headers.IfMatch.Count > 0)
            {
                headers.IfMatch = WithoutEncoding(headers.IfMatch);
            }

            return next(context);
        });
        app.UseResponseCompression();
    }

    /// <summary>The answer goes through the framework's compression, whether that leaves it as it is or not.</summary>
    public static bool IsInTheWay(HttpContext context) => context.Features[typeof(Compression)] is not null;

    /// <summary>
    /// Also false when the client accepts none of the encodings: the framework would put its compression in the way of the answer all the
    /// same, and leave it as it is.
    /// </summary>
    bool IResponseCompressionProvider.CheckRequestAcceptsCompression(HttpContext context)
    {
        if (!CheckRequestAcceptsCompression(context) || GetCompressionProvider(context) is null)
        {
            return false;
        }

        context.Features[typeof(Compression)] = this;
        return true;
    }

    public override bool ShouldCompressResponse(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        if (headers.ContentLength < MinBytes || headers.ContentEncoding.Count > 0 || !base.ShouldCompressResponse(context))
        {
            return false;
        }

        // Other bytes are another representation, with a strong tag of its own.
        if (headers.ETag is [{ } tag] && tag.StartsWith('"') && GetCompressionProvider(context) is { } provider)
        {
            headers.ETag = $"{tag[..^1]}-{provider.EncodingName}\"";
        }

        return true;
    }

    /// <summary>The tags as they are before the encoding.</summary>
    private static StringValues WithoutEncoding(StringValues tags) => new([.. tags.Select(WithoutEncoding)]);

    private static string? WithoutEncoding(string? tags) => Encodings.Aggregate(
        tags, (tags, encoding) => tags?.Replace($"-{encoding}\"", "\"", StringComparison.Ordinal));
}
