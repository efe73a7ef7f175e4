using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Orders.Api.Http;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>The strong entity tag of an order: its version in quotes.</summary>
internal static class OrderTag
{
    public static string Of(OrderVersion version) => string.Create(
        OrderVersion.TextLength + 2,
        version,
        static (tag, version) =>
        {
            (tag[0], tag[^1]) = ('"', '"');
            version.Format(tag[1..]);
        });

    /// <summary>Reads <c>If-Match</c>, by the strong comparison: weak tags and those of others are none of the versions.</summary>
    /// <param name="header">What was sent, one line or more.</param>
    /// <param name="versions">The versions; null for any, which is <c>*</c>.</param>
    /// <returns>False when it is malformed.</returns>
    public static bool TryRead(StringValues header, out IReadOnlyList<OrderVersion>? versions)
    {
        versions = null;
        if (!EntityTagHeaderValue.TryParseStrictList([.. header!], out IList<EntityTagHeaderValue>? tags))
        {
            return false;
        }

        if (tags.Contains(EntityTagHeaderValue.Any))
        {
            return tags.Count == 1;
        }

        List<OrderVersion> read = new(tags.Count);
        foreach (EntityTagHeaderValue tag in tags)
        {
            if (!tag.IsWeak && OrderVersion.TryParse(EntityTags.Opaque(tag), out OrderVersion version))
            {
                read.Add(version);
            }
        }

        versions = read;
        return true;
    }

    /// <summary>Reads a version, with the quotes of its tag or without them.</summary>
    public static OrderVersion? Read(string? text) =>
        text is not null && EntityTagHeaderValue.TryParse(text.StartsWith('"') ? text : $"\"{text}\"", out EntityTagHeaderValue? tag)
        && !tag.IsWeak && OrderVersion.TryParse(EntityTags.Opaque(tag), out OrderVersion version)
            ? version
            : null;
}
