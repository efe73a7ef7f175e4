using System.Data.Common;
using Dapper;
using Npgsql;
using Orders.Domain;

namespace Orders.Infrastructure.Orders;

/// <summary>An order as the statements select it.</summary>
internal static class OrderRow
{
    /// <summary>The columns in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment";

    /// <summary>For a row that has the first two alone.</summary>
    public const string NoColumnsAfterCustomerKey =
        "null::text, null::numeric, null::date, null::text, null::text, null::integer, null::text";

    public const int OrderKey = 0;
    public const int CustomerKey = 1;

    /// <summary>Typed, column by column: Dapper's own mapping boxes each value, which a page of 100 has 900 of.</summary>
    /// <param name="row">A reader on its row.</param>
    public static Order Read(NpgsqlDataReader row) => new()
    {
        OrderKey = row.GetInt64(OrderKey),
        CustomerKey = row.GetInt64(CustomerKey),
        Status = row.GetString(2),
        TotalPrice = row.GetDecimal(3),
        OrderDate = row.GetFieldValue<DateOnly>(4),
        Priority = row.GetString(5),
        Clerk = row.GetString(6),
        ShipPriority = row.GetInt32(7),
        Comment = row.GetString(8),
    };

    /// <summary>The driver's reader out of Dapper's, which would pass on each call.</summary>
    public static NpgsqlDataReader Driver(DbDataReader reader) =>
        (NpgsqlDataReader)(reader is IWrappedDataReader wrapped ? wrapped.Reader : reader);
}
