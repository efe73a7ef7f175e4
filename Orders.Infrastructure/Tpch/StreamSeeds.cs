namespace Orders.Infrastructure.Tpch;

/// <summary>The first seed of each random stream, by column (TPC-H clause 4.2.2.3 and the seed table of dbgen 2.17.3).</summary>
internal static class StreamSeeds
{
    public const uint Text = 933588178;

    public const uint OrderDate = 1066728069;
    public const uint OrderCustomer = 851767375;
    public const uint OrderPriority = 591449447;
    public const uint OrderClerk = 1171034773;
    public const uint OrderComment = 276090261;
    public const uint OrderLineCount = 1434868289;

    public const uint LineQuantity = 209208115;
    public const uint LineDiscount = 554590007;
    public const uint LineTax = 721958466;
    public const uint LinePart = 1808217256;
    public const uint LineShipDate = 1769349045;
}
