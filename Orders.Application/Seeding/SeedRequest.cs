namespace Orders.Application.Seeding;

public sealed record SeedRequest
{
    public required ScaleFactor ScaleFactor { get; init; }

    public SeedMode Mode { get; init; }
}
