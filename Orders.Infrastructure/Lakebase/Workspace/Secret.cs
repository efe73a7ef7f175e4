namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>A secret in memory. Records, logs and exceptions that print it show a mask.</summary>
internal sealed class Secret(string value)
{
    public const string Mask = "(secret)";

    /// <summary>True for visible ASCII, which an HTTP header can carry. All secrets of Databricks are such.</summary>
    public static bool CanBe(string value) => value.All(character => character is > ' ' and < '\x7f');

    public string Reveal() => value;

    public override string ToString() => Mask;
}
