namespace Orders.Infrastructure.Overlay;

/// <summary>The overlay and the synced table as PostgreSQL's catalogue shows them. The rights are those of the connection's role.</summary>
internal sealed record OverlayState
{
    public required string Role { get; init; }

    public required bool IsReadOnly { get; init; }

    public required bool HasSchema { get; init; }

    public required bool MayUseSchema { get; init; }

    /// <summary>The number of the relation with the view's name in the overlay's schema; null when there is none.</summary>
    public required long? ViewOid { get; init; }

    /// <summary>Its owner.</summary>
    public required string? ViewOwner { get; init; }

    /// <summary>Its name without a schema leads to it.</summary>
    public required bool IsInSearchPath { get; init; }

    /// <summary><c>pg_class.relkind</c> of the relation with the view's name in the overlay's schema; null when there is none.</summary>
    public required string? ViewKind { get; init; }

    public required bool MaySelectView { get; init; }

    public required bool MayUpdateView { get; init; }

    /// <summary><c>pg_class.relkind</c> of the relation with the name of the table of changes; null when there is none.</summary>
    public required string? ChangesKind { get; init; }

    public required bool MaySelectChanges { get; init; }

    /// <summary>The function that reads the synced table and the enabled trigger that records changes exist.</summary>
    public required bool HasFunctions { get; init; }

    /// <summary>What the function that reads the synced table returns; null when there is none.</summary>
    public required string? SourceResult { get; init; }

    /// <summary>A column that statements read and the view has not; null when it has all of them, or does not exist.</summary>
    public required string? MissingColumn { get; init; }

    public required bool HasSyncedTable { get; init; }

    public required bool MayUseSyncedSchema { get; init; }

    public required bool MaySelectSynced { get; init; }

    public bool IsInstalled => ViewKind == "v" && ChangesKind == "r" && HasFunctions;

    /// <summary>The function is there with other columns than <see cref="OverlayScript"/> gives it.</summary>
    public bool HasOtherSource => SourceResult is not null && SourceResult != $"TABLE({OverlayScript.Columns})";

    public bool MayRead =>
        IsInstalled && MissingColumn is null && HasSyncedTable && MayUseSchema && MaySelectView && MayUseSyncedSchema && MaySelectSynced;
}
