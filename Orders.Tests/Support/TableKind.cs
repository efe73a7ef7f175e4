namespace Orders.Tests.Support;

/// <summary>What the service may find under the name of its table.</summary>
internal enum TableKind
{
    /// <summary>The table that the service's own scripts make.</summary>
    Plain,

    /// <summary>Partitions by ranges of the key.</summary>
    RangePartitioned,

    /// <summary>Partitions by the key's hash, so that neighbours are apart.</summary>
    HashPartitioned,

    /// <summary>Partitions that are foreign tables: each row is a statement of <c>postgres_fdw</c> away.</summary>
    ForeignShards,

    /// <summary>A view of a table.</summary>
    View,

    /// <summary>The column types of TPC-H's own script: a key of 32 bits, and texts of fixed length.</summary>
    TpchTypes,

    /// <summary>A table that a sync owns, with the changes of status beside it.</summary>
    Overlay,
}
