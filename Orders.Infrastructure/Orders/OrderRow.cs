using Npgsql;
using Orders.Domain;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Orders;

/// <summary>An order as the statements select it.</summary>
internal static class OrderRow
{
    /// <summary>
    /// The columns in the types and the order in which <see cref="Read"/> takes them. A cast costs nothing where a column has the type.
    /// </summary>
    public const string Columns =
        "o_orderkey::bigint, o_custkey::bigint, o_orderstatus::text, o_totalprice::numeric(18, 2), o_orderdate::date, "
        + "o_orderpriority::text, o_clerk::text, o_shippriority::integer, o_comment::text";

    /// <summary>Typed, column by column: Dapper's own mapping boxes each value, which a page of 100 has 900 of.</summary>
    /// <param name="row">A reader on its row.</param>
    public static Order Read(NpgsqlDataReader row) => new()
    {
        OrderKey = ReadKey(row),
        CustomerKey = row.GetInt64(1),
        Status = row.GetString(2),
        TotalPrice = row.GetDecimal(3),
        OrderDate = row.GetFieldValue<DateOnly>(4),
        Priority = row.GetString(5),
        Clerk = row.GetString(6),
        ShipPriority = row.GetInt32(7),
        Comment = row.GetString(8),
    };

    public static long ReadKey(NpgsqlDataReader row) => row.GetInt64(0);

    /// <summary>Reads a row that may hold what no order holds, such as a null.</summary>
    /// <returns>The order; null with the reason when the row can't be read as one.</returns>
    public static Order? TryRead(NpgsqlDataReader row, out Exception? problem)
    {
        try
        {
            problem = null;
            return Read(row);
        }
        catch (Exception exception) when (SqlStates.KindOf(exception) == ErrorKind.WrongRow)
        {
            problem = exception;
            return null;
        }
    }
}
