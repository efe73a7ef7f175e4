namespace Orders.Application.Lakebase;

/// <summary>The state: the first three of an operation of this process, the others of the workspace's resources.</summary>
public enum ResourceState
{
    Running,
    Succeeded,

    /// <summary>The operation has failed. Requested again, it continues.</summary>
    Failed,

    /// <summary>All exist, and the synced table is online.</summary>
    Complete,

    /// <summary>Some are missing, or the synced table is not online.</summary>
    Incomplete,

    /// <summary>None exists.</summary>
    Absent,
}
