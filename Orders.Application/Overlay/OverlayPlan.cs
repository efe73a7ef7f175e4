namespace Orders.Application.Overlay;

/// <summary>What a command is going to do to the database.</summary>
public sealed record OverlayPlan
{
    /// <summary>The statements, as they will run.</summary>
    public required string Sql { get; init; }

    /// <summary>Sentences that a person should read first.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}
