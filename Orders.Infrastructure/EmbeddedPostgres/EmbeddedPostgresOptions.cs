namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The settings under <c>EmbeddedPostgres</c>; the README documents them.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>Where <c>initdb</c> and <c>pg_ctl</c> are, when they are not to be looked for.</summary>
    public string? BinDirectory { get; init; }

    /// <summary>Where the server keeps its data, its socket and its log, when not in the user's local application data.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The account that the server runs as when root starts it.</summary>
    public string? RunAs { get; init; }

    /// <summary>Whether an empty table is filled with a sample when the service starts.</summary>
    public bool LoadSample { get; init; } = true;
}
