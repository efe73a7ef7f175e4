namespace Orders.Infrastructure.Postgres;

/// <summary>Where a table is looked for, in words that fit "the table is not …", and the setting that says so.</summary>
internal sealed record TablePlace(string Where, string Setting)
{
    public static TablePlace SearchPath { get; } = new("in the search path", "Search Path in ConnectionStrings:Orders");
}
