using System.Buffers.Text;
using System.IO.Hashing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

/// <summary>An answer whose <c>ETag</c> is a hash of its bytes. Where the client has it already, it is answered 304.</summary>
internal interface ITaggedContent;

/// <summary>
/// Entity tags (RFC 9110, section 8.8.3), of the answer before its encoding: <see cref="Compression"/> adds that to a tag, and takes it off
/// those of a request.
/// </summary>
internal static class EntityTags
{
    /// <summary>Without the quotes: 12 bytes in base64url.</summary>
    private const int Length = 16;

    private const int HashBytes = 12;

    /// <summary>Writes the tag of the answer, and decides on <c>If-None-Match</c>.</summary>
    /// <returns>The client has the answer already: its status is 304, and its body is not to be written.</returns>
    public static bool WriteOf(HttpContext context, ReadOnlySpan<byte> body)
    {
        string tag = Of(body);
        context.Response.Headers.ETag = tag;
        if (!IsKnown(context.Request, tag))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Whether <c>If-None-Match</c> names a tag, by the weak comparison. One that is malformed names none.</summary>
    public static bool IsKnown(HttpRequest request, string tag)
    {
        StringValues known = request.Headers.IfNoneMatch;
        return known.Count > 0
            && (known == tag
                || (EntityTagHeaderValue.TryParseStrictList([.. known!], out IList<EntityTagHeaderValue>? tags)
                    && tags.Any(one => one == EntityTagHeaderValue.Any || one.Tag == tag)));
    }

    /// <summary>What a tag says, without its quotes.</summary>
    public static ReadOnlySpan<char> Opaque(EntityTagHeaderValue tag) => tag.Tag.AsSpan()[1..^1];

    private static string Of(ReadOnlySpan<byte> body)
    {
        // XXH3 of 128 bits, at gigabytes a second.
        Span<byte> hash = stackalloc byte[16];
        XxHash128.Hash(body, hash);
        Span<char> tag = stackalloc char[Length + 2];
        (tag[0], tag[^1]) = ('"', '"');
        Base64Url.EncodeToChars(hash[..HashBytes], tag[1..]);
        return tag.ToString();
    }
}
