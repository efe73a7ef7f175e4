using System.Text.Json.Nodes;

namespace Orders.Tests.Lakebase.Support;

/// <summary>Something that was made in the stand-in for a workspace.</summary>
/// <param name="body">As it was asked for.</param>
/// <param name="readyAt">When it is usable.</param>
internal sealed class StandInResource(JsonObject body, DateTimeOffset readyAt)
{
    public JsonObject Body => body;

    public DateTimeOffset MadeAt { get; init; }

    public DateTimeOffset ReadyAt => readyAt;

    /// <summary>When it is gone; null while nobody deletes it.</summary>
    public DateTimeOffset? GoneAt { get; set; }

    public JsonObject Spec => body["spec"]?.AsObject() ?? body;
}
