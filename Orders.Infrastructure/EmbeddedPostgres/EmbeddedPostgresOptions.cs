namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The settings under <c>EmbeddedPostgres</c>. The README documents them.</summary>
internal sealed class EmbeddedPostgresOptions
{
    public const string Section = "EmbeddedPostgres";

    /// <summary>The folder of <c>initdb</c> and <c>pg_ctl</c>; null to look for it.</summary>
    public string? BinDirectory { get; set; }

    /// <summary>The folder of the server's data, socket and log; null for the user's local application data.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>The account of the server when root starts it.</summary>
    public string? RunAs { get; set; }

    /// <summary>Fill an empty table with sample data when the service starts.</summary>
    public bool LoadSample { get; set; } = true;
}
