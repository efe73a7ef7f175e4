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
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }
}
