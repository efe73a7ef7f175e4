using System.Data.Common;
using Dapper;
using Npgsql;
using Orders.Domain;

namespace Orders.Infrastructure.Persistence;

/// <summary>An order as the statements select it.</summary>
internal static class OrderRow
{
    /// <summary>The columns in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment";

    /// <summary>Typed, column by column: Dapper's own mapping boxes each value, which a page of 100 has 900 of.</summary>
    /// <param name="row">A reader on its row.</param>
    /// <param name="first">The position of the order's first column.</param>
    public static Order Read(NpgsqlDataReader row, int first = 0) => new()
    {
        OrderKey = row.GetInt64(first),
        CustomerKey = row.GetInt64(first + 1),
        Status = row.GetString(first + 2),
        TotalPrice = row.GetDecimal(first + 3),
        OrderDate = row.GetFieldValue<DateOnly>(first + 4),
        Priority = row.GetString(first + 5),
        Clerk = row.GetString(first + 6),
        ShipPriority = row.GetInt32(first + 7),
        Comment = row.GetString(first + 8),
    };

    /// <summary>The driver's reader out of Dapper's, which would pass on each call.</summary>
    public static NpgsqlDataReader Driver(DbDataReader reader) =>
        (NpgsqlDataReader)(reader is IWrappedDataReader wrapped ? wrapped.Reader : reader);
}
