namespace Orders.Application.Lakebase;

/// <summary>How far the resources are: the first three of an operation of this process, the others as the workspace has them.</summary>
public enum ResourceState
{
    Running,
    Succeeded,

    /// <summary>The operation is over, and asked for again it goes on from what is there.</summary>
    Failed,

    /// <summary>All are there, and the synced table is online.</summary>
    Complete,

    /// <summary>Some are there, or all and the synced table is not online.</summary>
    Incomplete,

    /// <summary>None is there.</summary>
    Absent,
}
