namespace Orders.Application.Seeding;

/// <summary>How far a run is; reported from one thread at a time, some times a second.</summary>
public readonly record struct SeedProgress
{
    public required SeedStage Stage { get; init; }

    public required long Rows { get; init; }

    public required long TotalRows { get; init; }
}
