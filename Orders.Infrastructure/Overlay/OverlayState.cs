namespace Orders.Infrastructure.Overlay;

/// <summary>What the catalogue says of the overlay and of the synced table. Rights are those of the connection's role.</summary>
internal sealed record OverlayState
{
    public required string Role { get; init; }

    public required bool IsReadOnly { get; init; }

    public required bool HasSchema { get; init; }

    public required bool MayUseSchema { get; init; }

    /// <summary><c>pg_class.relkind</c> of what has the view's name in our schema; null when nothing has.</summary>
    public required string? ViewKind { get; init; }

    public required bool MaySelectView { get; init; }

    public required bool MayUpdateView { get; init; }

    /// <summary><c>pg_class.relkind</c> of what has the changes' name in our schema; null when nothing has.</summary>
    public required string? ChangesKind { get; init; }

    public required bool MaySelectChanges { get; init; }

    /// <summary>The functions and the trigger between the view and the tables.</summary>
    public required bool HasFunctions { get; init; }

    public required bool HasSyncedTable { get; init; }

    public required bool MayUseSyncedSchema { get; init; }

    public required bool MaySelectSynced { get; init; }

    public bool IsInstalled => ViewKind == "v" && ChangesKind == "r" && HasFunctions;

    public bool MayRead => IsInstalled && HasSyncedTable && MayUseSchema && MaySelectView && MayUseSyncedSchema && MaySelectSynced;
}
