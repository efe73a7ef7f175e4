using System.Data;
using Dapper;
using Npgsql;

namespace Orders.Infrastructure.Postgres;

/// <summary>
/// The parameters <c>$1</c>, <c>$2</c>, … of a statement, typed and unnamed: PostgreSQL's own form. The driver sends the
/// statement as it is, where names make it parse and rewrite the text on every call. For one command: parameters belong to theirs.
/// </summary>
internal sealed class PositionalParameters : SqlMapper.IDynamicParameters
{
    private readonly List<NpgsqlParameter> _parameters = new(capacity: 3);

    public PositionalParameters Add<T>(T value)
    {
        _parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return this;
    }

    /// <summary>An array of what <paramref name="select"/> takes of each item.</summary>
    public PositionalParameters AddArray<TItem, T>(IReadOnlyList<TItem> items, Func<TItem, T> select)
    {
        T[] values = new T[items.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = select(items[i]);
        }

        return Add(values);
    }

    public void AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        foreach (NpgsqlParameter parameter in _parameters)
        {
            command.Parameters.Add(parameter);
        }
    }
}
