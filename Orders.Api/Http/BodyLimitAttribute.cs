using Microsoft.AspNetCore.Http.Metadata;

namespace Orders.Api.Http;

/// <summary>How large a body of this operation may be, where that is not what others may be. Routing sets it.</summary>
/// <remarks>The framework's own attribute is a filter as well, which keeps state while the database works.</remarks>
/// <param name="kibibytes">The limit.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BodyLimitAttribute(int kibibytes) : Attribute, IRequestSizeLimitMetadata
{
    public int Kibibytes { get; } = kibibytes;

    public long? MaxRequestBodySize => Kibibytes * 1024L;
}
