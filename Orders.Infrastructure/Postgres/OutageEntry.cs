namespace Orders.Infrastructure.Postgres;

/// <summary>What a caller may do with a server.</summary>
internal enum OutageEntry
{
    /// <summary>It is there as far as anybody knows, or is waited for.</summary>
    Try,

    /// <summary>It was given up, and the caller alone tries whether it is back.</summary>
    TryAlone,

    /// <summary>It was given up, and somebody tries it already: to try as well would be to wait for nothing.</summary>
    Refrain,
}
