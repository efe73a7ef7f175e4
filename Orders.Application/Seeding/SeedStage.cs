namespace Orders.Application.Seeding;

/// <summary>What a run is doing, in the order in which it does it.</summary>
public enum SeedStage
{
    Preparing,
    Removing,
    Writing,
    Committing,
    Vacuuming,
}
