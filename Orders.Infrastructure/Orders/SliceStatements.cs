using System.Collections.Frozen;
using System.Globalization;

namespace Orders.Infrastructure.Orders;

/// <summary>The statements of slices.</summary>
/// <remarks>
/// Limits of common page sizes are a part of the text, so PostgreSQL plans each once. For a limit that is a parameter it makes a plan
/// for each call, as it would expect a tenth of the table otherwise.
/// </remarks>
internal sealed class SliceStatements
{
    /// <summary>A key. $1: the key to start after; $2: how many orders to skip.</summary>
    public const string KeyAt =
        "select o_orderkey::bigint from orders_synced where o_orderkey > $1 order by orders_synced.o_orderkey offset $2 limit 1";

    private static readonly int[] CommonPageSizes = [1, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000];

    private static readonly FrozenDictionary<int, SliceStatements> OfCommonSizes = CommonPageSizes.ToFrozenDictionary(
        size => size, size => new SliceStatements(OrderRow.Columns, (size + 1).ToString(CultureInfo.InvariantCulture)));

    private static readonly SliceStatements OfOtherSizes = new(OrderRow.Columns, limit: null);

    private SliceStatements(string columns, string? limit)
    {
        HasLimit = limit is not null;
        Rows = After("$1", limit ?? "$2");
        RowsAfterSkip = After($"({KeyAt})", limit ?? "$3");
        KeysBefore =
            $"""
            select count(*), min(o_orderkey)::bigint
            from (select o_orderkey from orders_synced
                  where o_orderkey between 1 and $1 order by o_orderkey desc limit {limit ?? "$2"}) as before
            """;

        string After(string key, string count) =>
            $"""
            select {columns}
            from orders_synced
            where o_orderkey > {key} and o_orderkey <= {long.MaxValue}
            order by orders_synced.o_orderkey limit {count}
            """;
    }

    /// <summary>For the keys of a slice alone.</summary>
    public static SliceStatements OfKeys { get; } = new("o_orderkey::bigint", limit: null);

    /// <summary>The limit, one more than the page size, is a part of the texts. Otherwise it is their last parameter.</summary>
    public bool HasLimit { get; }

    /// <summary>The orders after a key. $1: the key.</summary>
    public string Rows { get; }

    /// <summary>The orders after one that is found by its place. $1 and $2: those of <see cref="KeyAt"/>.</summary>
    public string RowsAfterSkip { get; }

    /// <summary>How many of the limit's orders there are up to a key, and the first of their keys. $1: the key.</summary>
    public string KeysBefore { get; }

    public static SliceStatements For(int pageSize) => OfCommonSizes.GetValueOrDefault(pageSize, OfOtherSizes);
}
