using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Http;

/// <summary>One of the codes of <see cref="ErrorKinds"/>.</summary>
internal sealed class ErrorCodeAttribute() : EnumSchemaAttribute(
    "ErrorCode",
    "What a program decides on; a code never changes its meaning. `/problems` explains each.",
    "order_not_found",
    [.. ErrorKinds.All.Select(kind => (kind.Code, NameOf(kind.Code)))])
{
    /// <summary>order_not_found becomes OrderNotFound.</summary>
    private static string NameOf(string code) =>
        string.Concat(code.Split('_').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}"));
}
