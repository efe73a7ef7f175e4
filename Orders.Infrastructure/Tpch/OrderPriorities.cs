namespace Orders.Infrastructure.Tpch;

/// <summary>The five priorities, all equally likely (TPC-H clause 4.2.2.13, <c>Priorities</c>).</summary>
internal static class OrderPriorities
{
    private static readonly byte[][] Names =
    [
        "1-URGENT"u8.ToArray(), "2-HIGH"u8.ToArray(), "3-MEDIUM"u8.ToArray(), "4-NOT SPECIFIED"u8.ToArray(), "5-LOW"u8.ToArray(),
    ];

    public static int Count => Names.Length;

    public static ReadOnlySpan<byte> Name(int priority) => Names[priority];
}
