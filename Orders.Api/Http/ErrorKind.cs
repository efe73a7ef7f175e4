using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Http;

/// <summary>An error that this service answers, explained.</summary>
[Schema("ErrorKind", nameof(Example))]
public sealed record ErrorKind
{
    internal static readonly ErrorKind Example = ErrorKinds.Find("order_not_found")!;

    internal ErrorKind(string code, int status, string meaning, string retry, string remedy) =>
        (Code, Status, Meaning, Retry, Remedy) = (code, status, meaning, retry, remedy);

    /// <summary>What problem documents have as `code`.</summary>
    [JsonPropertyName("code")]
    [ErrorCode]
    public string Code { get; }

    /// <summary>The HTTP status that it comes with.</summary>
    [JsonPropertyName("status")]
    public int Status { get; }

    /// <summary>What it means.</summary>
    [JsonPropertyName("meaning")]
    public string Meaning { get; }

    /// <summary>Whether to try again.</summary>
    [JsonPropertyName("retry")]
    public string Retry { get; }

    /// <summary>What to change.</summary>
    [JsonPropertyName("remedy")]
    public string Remedy { get; }
}
