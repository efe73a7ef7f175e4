using Npgsql;

namespace Orders.Infrastructure.Postgres;

/// <summary>Statements of a batch, with parameters as <see cref="PositionalParameters"/> has them.</summary>
internal static class BatchCommands
{
    /// <summary>A statement of a batch with these parameters.</summary>
    public static NpgsqlBatchCommand Create(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
        {
            command.With(value);
        }

        return command;
    }

    /// <summary>Adds a parameter.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long value)
    {
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}
