namespace Orders.Infrastructure.Tpch;

/// <summary>What a load that did not end well has left behind.</summary>
internal enum TableState
{
    AsItWas,

    /// <summary>The commit was sent and its answer did not come.</summary>
    Unknown,

    /// <summary>Committed, but not vacuumed.</summary>
    Filled,
}
