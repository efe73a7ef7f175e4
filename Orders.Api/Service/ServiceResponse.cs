using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Service;

/// <summary>What answers here, and where its documentation is.</summary>
[Schema("Service", nameof(Example))]
public sealed record ServiceResponse
{
    internal static readonly ServiceResponse Example =
        new() { App = "Orders", Message = "A REST API for orders on PostgreSQL", Docs = "/docs" };

    /// <summary>The name of the service.</summary>
    [JsonPropertyName("app")]
    public required string App { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>Where its documentation is.</summary>
    [JsonPropertyName("docs")]
    public required string Docs { get; init; }
}
