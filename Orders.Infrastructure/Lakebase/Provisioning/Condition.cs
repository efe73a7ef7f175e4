namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>What was found of a resource.</summary>
internal enum Condition
{
    Absent,

    /// <summary>It is there, and not usable yet.</summary>
    Pending,

    Ready,

    /// <summary>It is on its way out; its name is not free yet.</summary>
    Deleting,

    /// <summary>It is ours, and not as it was asked for; or it will not become usable by itself.</summary>
    Unusable,

    /// <summary>It has the name, and belongs to something that is not configured here.</summary>
    Foreign,
}
