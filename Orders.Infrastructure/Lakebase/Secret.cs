namespace Orders.Infrastructure.Lakebase;

/// <summary>A value that is in memory alone: whatever prints it by accident, a record, a log or an exception, prints no more than that it is one.</summary>
internal sealed class Secret(string value)
{
    public const string Mask = "(secret)";

    public string Reveal() => value;

    public override string ToString() => Mask;
}
