namespace Orders.Api.Orders;

/// <summary>What the OpenAPI documents say of consistency tokens.</summary>
internal static class ConsistencyNotes
{
    public const string Read =
        "The `Consistency-Token` of a change. The answer shows that change and all before it, whichever server gives it.";

    public const string Changed = "For reads that have to show the change: they send it back. Only where there are several servers.";
    public const string Example = "AAAAAAAAAAAAAAABAAAAAAAAAAE";
}
