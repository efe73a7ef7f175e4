using System.Text.Json.Serialization;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Http;

/// <summary>An error (RFC 9457).</summary>
[Schema("Problem", nameof(Example))]
public sealed record ProblemResponse
{
    internal static readonly ProblemResponse Example = From(ApiError.OrderNotFound(8), "4bf92f3577b34da6a3ce929d0e0e4736");

    /// <summary>Where this service explains errors with this code: a path on it.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The status' reason phrase.</summary>
    [JsonPropertyName("title")]
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    [JsonPropertyName("status")]
    public required int Status { get; init; }

    /// <summary>A sentence about this occurrence.</summary>
    [JsonPropertyName("detail")]
    [ErrorMessage]
    public required string Detail { get; init; }

    /// <summary>What a program decides on; never changes its meaning.</summary>
    [JsonPropertyName("code")]
    [ErrorCode]
    public required string Code { get; init; }

    /// <summary>Finds this request in the service's log (W3C trace id).</summary>
    [JsonPropertyName("trace_id")]
    public required string TraceId { get; init; }

    /// <summary>Under each name on the wire what is wrong with it; only on <c>validation_failed</c>.</summary>
    [JsonPropertyName("errors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    internal static ProblemResponse From(ApiError error, string traceId, string pathBase = "") => new()
    {
        Type = $"{pathBase}/problems/{error.Code}",
        Title = error.Title,
        Status = error.Status,
        Detail = error.Detail,
        Code = error.Code,
        TraceId = traceId,
        Errors = error.Errors,
    };
}
