namespace Orders.Application.Seeding;

public sealed record SeedRequest
{
    public required ScaleFactor ScaleFactor { get; init; }

    public SeedMode Mode { get; init; }
}

/// <summary>How a load treats a table that has rows.</summary>
public enum SeedMode
{
    /// <summary>The load is refused.</summary>
    IntoEmpty,

    /// <summary>The load does nothing and succeeds.</summary>
    IfEmpty,

    /// <summary>The load replaces the rows. Readers see the old rows until all new ones are there.</summary>
    Replace,
}
