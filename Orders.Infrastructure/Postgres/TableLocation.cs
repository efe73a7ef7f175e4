using Npgsql;

namespace Orders.Infrastructure.Postgres;

/// <summary>Where the table of orders is.</summary>
/// <param name="Description">For a sentence: "the table is not …".</param>
/// <param name="Setting">The setting that says where it is.</param>
/// <param name="Function">The function that statements read it through; null when they read it directly.</param>
internal sealed record TableLocation(string Description, string Setting, string? Function = null)
{
    public static TableLocation SearchPath { get; } = new("in the search path", "Search Path in ConnectionStrings:Orders");

    /// <summary>
    /// A sentence on what is wrong with the table behind <see cref="Function"/>; null when the error is about something else.
    /// </summary>
    public string? Explain(Exception exception) => exception switch
    {
        // The context names the function; the words around the name are in the server's language.
        PostgresException { Where: { } where } when Function is not null && where.Contains($"\"{Function}\"", StringComparison.Ordinal) =>
            SqlStates.IsMissingTable(exception) ? "The synced table is not there at present: its sync is making it anew, or is not online "
                + "yet."
            : SqlStates.IsMissingColumn(exception) ? "The synced table has not the columns of TPC-H's orders, or has them of other types."
            : null,
        _ => null,
    };
}
