namespace Orders.Api.Orders;

/// <summary>What the OpenAPI documents say of entity tags, with those of the sample data.</summary>
internal static class EntityTagNotes
{
    public const string Order = "The version of the order. It changes when a field does, and is the same on every server.";
    public const string Changed = "The version that the order is now; only to requests with `If-Match` or `Prefer: return=minimal`.";
    public const string Content = "Of the answer as a whole: another one when anything in it is.";
    public const string IfNoneMatch = "The `ETag` of an answer that the caller has. If it still holds, the answer is 304 without a body.";
    public const string NotModified = "The answer is the one of `If-None-Match`.";
    public const string OrderExample = "\"Ewnia3iK3PjwVDKn\"";
    public const string ContentExample = "\"OAf8EcuyU40yzEgM\"";
}
