namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The condition of a resource.</summary>
internal enum Condition
{
    Absent,

    /// <summary>It exists, and is not usable yet.</summary>
    Pending,

    Ready,

    /// <summary>It is being deleted, and its name is not free yet.</summary>
    Deleting,

    /// <summary>It is ours, but differs from the request or will not become usable by itself.</summary>
    Unusable,

    /// <summary>It has the name, and belongs to something that is not configured here.</summary>
    Foreign,
}
