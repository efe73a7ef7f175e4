using Npgsql;

namespace Orders.Infrastructure.Postgres;

/// <summary>The search path of a connection string, in which the table is looked for.</summary>
internal static class SearchPath
{
    /// <summary>
    /// Where the connection string leaves it open. PostgreSQL's own default looks in the schema of the role's name first, so whoever may
    /// create one could put another table in the place of ours.
    /// </summary>
    public const string Default = "public";

    private const string Keyword = "Search Path";
    private const string Parameter = "search_path";

    /// <summary>Neither the connection string nor its options, nor those of the environment, say it.</summary>
    public static bool IsOpen(NpgsqlConnectionStringBuilder settings) =>
        string.IsNullOrWhiteSpace(settings.SearchPath) && !Options(settings).Contains(Parameter, StringComparison.OrdinalIgnoreCase);

    /// <param name="settings">The settings of a connection.</param>
    /// <param name="isSent">Whether the server is told a search path at all.</param>
    public static void SetDefault(NpgsqlConnectionStringBuilder settings, bool isSent)
    {
        if (!isSent)
        {
            settings.Remove(Keyword);
        }
        else if (IsOpen(settings))
        {
            settings.SearchPath = Default;
        }
    }

    /// <summary>A sentence when the operator has set a search path, and the connection has another one; else null.</summary>
    /// <param name="settings">The settings of the connection.</param>
    /// <param name="actual">The search path that the server tells.</param>
    /// <remarks>PgBouncer can be told to drop the parameter, and statements would then run on another table than was said.</remarks>
    public static string? FindLost(NpgsqlConnectionStringBuilder settings, string actual) =>
        settings.SearchPath is { } asked && !string.IsNullOrWhiteSpace(asked) && asked != Default
            && WithoutBlanks(asked) != WithoutBlanks(actual)
            ? "Search Path in ConnectionStrings:Orders does not reach the database: a pooler drops it. Leave it out, and set it for the "
                + "role, as docs/operations.md says under Poolers."
            : null;

    /// <summary>The operator has said that the schema of the role's name counts.</summary>
    public static bool NamesSchemaOfRole(NpgsqlConnectionStringBuilder settings) =>
        $"{settings.SearchPath} {Options(settings)}".Contains("$user", StringComparison.OrdinalIgnoreCase);

    private static string WithoutBlanks(string path) => path.Replace(" ", "", StringComparison.Ordinal);

    private static string Options(NpgsqlConnectionStringBuilder settings) =>
        settings.Options ?? Environment.GetEnvironmentVariable("PGOPTIONS") ?? "";
}
