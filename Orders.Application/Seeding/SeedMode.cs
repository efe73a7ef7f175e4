namespace Orders.Application.Seeding;

/// <summary>What happens to orders that are already there.</summary>
public enum SeedMode
{
    /// <summary>A table with rows is refused.</summary>
    IntoEmpty,

    /// <summary>A table with rows is left alone, and that is a success.</summary>
    IfEmpty,

    /// <summary>The rows are replaced; readers see the old ones until all the new ones are there.</summary>
    Replace,
}
