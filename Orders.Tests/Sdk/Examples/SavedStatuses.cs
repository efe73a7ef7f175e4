using Npgsql;

namespace Orders.Tests.Sdk.Examples;

/// <summary>All statuses as they were at the start of the suite, in a table beside the orders.</summary>
internal static class SavedStatuses
{
    public static async Task SaveAsync(NpgsqlDataSource database)
    {
        const string sql =
            """
            drop table if exists saved_statuses;
            create table saved_statuses as select o_orderkey, o_orderstatus from orders_synced
            """;

        await using NpgsqlCommand command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>How many orders had another status.</returns>
    public static async Task<int> RestoreAsync(NpgsqlDataSource database)
    {
        const string sql =
            """
            update orders_synced set o_orderstatus = saved.o_orderstatus
            from saved_statuses saved
            where saved.o_orderkey = orders_synced.o_orderkey and saved.o_orderstatus <> orders_synced.o_orderstatus
            """;

        await using NpgsqlCommand command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }
}
