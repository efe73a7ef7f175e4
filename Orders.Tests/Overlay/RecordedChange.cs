using Dapper;
using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Overlay;

/// <summary>A row of <c>order_status_changes</c>.</summary>
internal sealed record RecordedChange
{
    public required long OrderKey { get; init; }

    public required string? OldStatus { get; init; }

    public required string NewStatus { get; init; }

    public required DateTime ChangedAt { get; init; }

    public required string? ChangedBy { get; init; }

    public required string? TraceId { get; init; }

    /// <summary>All rows, the oldest first.</summary>
    public static async Task<RecordedChange[]> ReadAsync(TestDatabase database)
    {
        const string sql =
            """
            select o_orderkey as orderkey, old_status as oldstatus, new_status as newstatus, changed_at as changedat, changed_by as changedby, trace_id as traceid
            from order_status_changes order by id
            """;

        await using NpgsqlConnection connection = await database.DataSource.OpenConnectionAsync();
        return [.. await connection.QueryAsync<RecordedChange>(sql)];
    }
}
