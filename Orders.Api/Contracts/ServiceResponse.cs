using System.Text.Json.Serialization;

namespace Orders.Api.Contracts;

/// <summary>What answers here, and where its documentation is.</summary>
public sealed record ServiceResponse
{
    [JsonPropertyName("app")]
    public required string App { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }

    [JsonPropertyName("docs")]
    public required string Docs { get; init; }
}
