namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>A value that is in memory alone: whatever prints it by accident, a record, a log or an exception, prints no more than that it is one.</summary>
internal sealed class Secret(string value)
{
    public const string Mask = "(secret)";

    /// <summary>Whether a header of HTTP can carry it: visible ASCII, as all secrets of Databricks are.</summary>
    public static bool CanBe(string value) => value.All(character => character is > ' ' and < '\x7f');

    public string Reveal() => value;

    public override string ToString() => Mask;
}
