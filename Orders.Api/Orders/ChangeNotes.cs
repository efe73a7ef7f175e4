namespace Orders.Api.Orders;

/// <summary>What the OpenAPI documents say of changes.</summary>
internal static class ChangeNotes
{
    public const string IfMatch = "The versions that the order may be, as `ETag` had them; `*` for any. The answer has the new one.";
    public const string OtherVersion = "The order is none of the versions in `If-Match`. `ETag` has the one that it is.";
    public const string OtherVersions = "With `atomic`: some of the orders are other versions, and nothing was changed.";
    public const string Missing = "With `atomic`: some of the orders do not exist, and nothing was changed.";
    public const string MissingExample =
        """{"atomic":true,"changes":[{"o_orderkey":8,"o_orderstatus":"F"},{"o_orderkey":9,"o_orderstatus":"F"}]}""";

    public const string OtherVersionsExample =
        """
        {"atomic":true,"changes":[{"o_orderkey":1,"o_orderstatus":"F","version":"Zm9ydHktdHdvLTQy"},
        {"o_orderkey":2,"o_orderstatus":"F","version":"Zm9ydHktdHdvLTQy"}]}
        """;

    public const string Invalid = "The body is not valid; `errors` tells what is wrong with which part.";
}
