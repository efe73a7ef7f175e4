namespace Orders.Application.Seeding;

/// <summary>The progress of a run. It is reported several times a second, from one thread at a time.</summary>
public readonly record struct SeedProgress
{
    public required SeedStage Stage { get; init; }

    public required long Rows { get; init; }

    public required long TotalRows { get; init; }
}

/// <summary>The stages of a run, in their order.</summary>
public enum SeedStage
{
    Preparing,
    Removing,
    Writing,
    Committing,
    Vacuuming,
}
