namespace Orders.Application.Overlay;

/// <summary>The statements that a command will run.</summary>
public sealed record OverlayPlan
{
    /// <summary>The statements, exactly as they will run.</summary>
    public required string Sql { get; init; }

    /// <summary>Sentences to show before the statements are confirmed.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}
