namespace Orders.Application.Overlay;

/// <summary>The state of the overlay, as the role of the connection sees it.</summary>
public sealed record OverlayStatus
{
    /// <summary>The schema and name of the view, quoted.</summary>
    public required string View { get; init; }

    /// <summary>The schema and name of the synced table, quoted.</summary>
    public required string SyncedTable { get; init; }

    /// <summary>The service is set to use the overlay (<c>Orders:StatusChanges</c>).</summary>
    public required bool IsInUse { get; init; }

    public required bool IsInstalled { get; init; }

    public required bool HasSyncedTable { get; init; }

    /// <summary>The role of the connection.</summary>
    public required string Role { get; init; }

    /// <summary>The number of recorded changes and of their orders; null when there is no such table or the role may not read it.</summary>
    public required (long Changes, long Orders)? Recorded { get; init; }

    /// <summary>
    /// The planner inlines the function that reads the synced table; if not, each query reads the whole table. Null when a part is
    /// missing or the role may not read it.
    /// </summary>
    public required bool? IsInlined { get; init; }

    /// <summary>The reasons why this role can't serve: a sentence each, with the statement to run or the setting to change.</summary>
    public required IReadOnlyList<string> Missing { get; init; }
}
