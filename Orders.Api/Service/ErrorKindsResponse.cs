using System.Text.Json.Serialization;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Service;

/// <summary>Every error that this service answers.</summary>
[Schema("ErrorKinds", nameof(Example))]
public sealed record ErrorKindsResponse
{
    internal static readonly ErrorKindsResponse Example = new() { Problems = [ErrorKind.Example] };

    /// <summary>By status.</summary>
    [JsonPropertyName("problems")]
    public required IReadOnlyList<ErrorKind> Problems { get; init; }
}
