namespace Orders.Application.Overlay;

/// <summary>What there is of the overlay, as the role of the connection sees it.</summary>
public sealed record OverlayStatus
{
    /// <summary>The schema and name of the view, quoted.</summary>
    public required string View { get; init; }

    /// <summary>The schema and name of the table beneath, quoted.</summary>
    public required string SyncedTable { get; init; }

    /// <summary>Whether the service is set to use it (<c>Orders:StatusChanges</c>).</summary>
    public required bool IsInUse { get; init; }

    public required bool IsInstalled { get; init; }

    public required bool HasSyncedTable { get; init; }

    /// <summary>The role of the connection.</summary>
    public required string Role { get; init; }

    /// <summary>How many changes were recorded, of how many orders; null when there is no such table or the role may not read it.</summary>
    public required (long Changes, long Orders)? Recorded { get; init; }

    /// <summary>Whether the planner puts the table in the view's place; null when that can't be asked. If not, every read reads the whole table.</summary>
    public required bool? IsInlined { get; init; }

    /// <summary>What keeps this role from serving: a sentence each, with what to run or to set.</summary>
    public required IReadOnlyList<string> Missing { get; init; }
}
