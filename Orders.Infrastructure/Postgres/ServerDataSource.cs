using Npgsql;

namespace Orders.Infrastructure.Postgres;

/// <summary>
/// The data source for the server, whose connections prepare statements; and another one in its place, whose connections do not, from
/// when a pooler shows between the service and the server.
/// </summary>
/// <remarks>
/// A pooler such as PgBouncer gives each transaction any of its connections to the server. A statement that one client has prepared
/// is then not there for the same client, and is there under the same name for another one: which could get the wrong answer. So a
/// pooler is looked for before a connection prepares its first statement.
/// </remarks>
/// <param name="preparing">Its connections prepare statements, if its settings say so.</param>
/// <param name="createUnprepared">Creates the other data source.</param>
internal sealed class ServerDataSource(NpgsqlDataSource preparing, Func<NpgsqlDataSource> createUnprepared)
    : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private volatile NpgsqlDataSource? _unprepared;

    /// <summary>The data source to open connections with.</summary>
    public NpgsqlDataSource Current => _unprepared ?? preparing;

    /// <summary>A pooler has shown, so statements are no longer prepared.</summary>
    public bool HasPooler => _unprepared is not null;

    /// <param name="settings">The settings of the connection string and the defaults.</param>
    /// <param name="looksForPooler">Whether a pooler may be in front of the server without a word of it in the settings.</param>
    /// <param name="configure">Sets what is not in a connection string.</param>
    public static ServerDataSource Create(
        NpgsqlConnectionStringBuilder settings, bool looksForPooler, Action<NpgsqlDataSourceBuilder>? configure = null)
    {
        return new ServerDataSource(Build(prepares: true), () => Build(prepares: false));

        NpgsqlDataSource Build(bool prepares)
        {
            NpgsqlConnectionStringBuilder own = new(settings.ConnectionString);
            bool isAsked = own.ShouldSerialize("Max Auto Prepare");
            if (!prepares)
            {
                own.MaxAutoPrepare = 0;
            }

            NpgsqlDataSourceBuilder builder = OrdersDataSource.Builder(own);
            configure?.Invoke(builder);
            if (prepares && looksForPooler && !isAsked)
            {
                builder.UsePhysicalConnectionInitializer(RefusePooler, RefusePoolerAsync);
            }

            return builder.Build();
        }
    }

    /// <summary>From now on, connections prepare no statements.</summary>
    /// <returns>True for the first call.</returns>
    public bool StopPreparing()
    {
        lock (_lock)
        {
            if (_unprepared is not null)
            {
                return false;
            }

            _unprepared = createUnprepared();
        }

        preparing.Clear();
        return true;
    }

    public void Dispose()
    {
        preparing.Dispose();
        _unprepared?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await preparing.DisposeAsync();
        if (_unprepared is { } unprepared)
        {
            await unprepared.DisposeAsync();
        }
    }

    private static void RefusePooler(NpgsqlConnection connection)
    {
        using NpgsqlCommand command = BackendId(connection);
        RefusePooler(connection, (int)command.ExecuteScalar()!);
    }

    private static async Task RefusePoolerAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = BackendId(connection);
        RefusePooler(connection, (int)(await command.ExecuteScalarAsync())!);
    }

    private static NpgsqlCommand BackendId(NpgsqlConnection connection) => new("select pg_backend_pid()", connection);

    /// <summary>A pooler makes up the number that a client gets for its connection, as it can't know the server process.</summary>
    private static void RefusePooler(NpgsqlConnection connection, int backend)
    {
        if (backend != connection.ProcessID)
        {
            throw new PoolerException();
        }
    }
}

/// <summary>A pooler answers in the server's place.</summary>
internal sealed class PoolerException() : Exception("A pooler answers in the place of the server.");
