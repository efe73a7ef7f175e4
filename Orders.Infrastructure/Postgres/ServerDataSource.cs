using Npgsql;

namespace Orders.Infrastructure.Postgres;

/// <summary>
/// The data source for the server; and another one in its place when a pooler shows between the service and the server, which does not
/// let connections do all that they do on the server itself.
/// </summary>
/// <remarks>
/// A pooler such as PgBouncer gives each transaction any of its connections to the server. A statement that one client has prepared
/// is then not there for the same client, and is there under the same name for another one: which could get the wrong answer. So a
/// pooler is looked for before a connection prepares its first statement. It refuses a search path as well, which would be left behind
/// for other clients.
/// </remarks>
internal sealed class ServerDataSource : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<ConnectionTraits, NpgsqlDataSource> _create;
    private readonly List<NpgsqlDataSource> _created = [];
    private volatile NpgsqlDataSource _current;
    private ConnectionTraits _traits = new(Prepares: true, SetsSearchPath: true);

    /// <param name="create">Creates a data source whose connections do so.</param>
    public ServerDataSource(Func<ConnectionTraits, NpgsqlDataSource> create)
    {
        _create = create;
        _current = create(_traits);
        _created.Add(_current);
    }

    /// <summary>The data source to open connections with.</summary>
    public NpgsqlDataSource Current => _current;

    /// <summary>A pooler has shown, so statements are no longer prepared.</summary>
    public bool HasPooler => !Traits.Prepares;

    /// <summary>The search path is ours to leave out: nobody has set it.</summary>
    public bool OwnsSearchPath { get; init; }

    /// <summary>A pooler has refused our search path, so that of the role leads to the table.</summary>
    public bool UsesSearchPathOfRole => !Traits.SetsSearchPath;

    private ConnectionTraits Traits
    {
        get
        {
            lock (_lock)
            {
                return _traits;
            }
        }
    }

    /// <param name="settings">The settings of the connection string and the defaults.</param>
    /// <param name="looksForPooler">Whether a pooler may be in front of the server without a word of it in the settings.</param>
    /// <param name="ownsSearchPath">The search path in the settings is not the operator's.</param>
    /// <param name="configure">Sets what is not in a connection string.</param>
    public static ServerDataSource Create(
        NpgsqlConnectionStringBuilder settings, bool looksForPooler, bool ownsSearchPath = false,
        Action<NpgsqlDataSourceBuilder>? configure = null)
    {
        return new ServerDataSource(Build) { OwnsSearchPath = ownsSearchPath || SearchPath.IsOpen(settings) };

        NpgsqlDataSource Build(ConnectionTraits traits)
        {
            NpgsqlConnectionStringBuilder own = new(settings.ConnectionString);
            bool isAsked = own.ShouldSerialize("Max Auto Prepare");
            if (!traits.Prepares)
            {
                own.MaxAutoPrepare = 0;
            }

            SearchPath.SetDefault(own, isSent: traits.SetsSearchPath);
            NpgsqlDataSourceBuilder builder = OrdersDataSource.Builder(own);
            configure?.Invoke(builder);
            if (traits.Prepares && looksForPooler && !isAsked)
            {
                builder.UsePhysicalConnectionInitializer(RefusePooler, RefusePoolerAsync);
            }

            return builder.Build();
        }
    }

    /// <summary>From now on, connections prepare no statements.</summary>
    public void StopPreparing() => Replace(static traits => traits with { Prepares = false });

    /// <summary>From now on, the search path is the role's.</summary>
    public void StopSettingSearchPath() => Replace(static traits => traits with { SetsSearchPath = false });

    public void Dispose() => _created.ForEach(static created => created.Dispose());

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlDataSource created in _created)
        {
            await created.DisposeAsync();
        }
    }

    private void Replace(Func<ConnectionTraits, ConnectionTraits> change)
    {
        NpgsqlDataSource former;
        lock (_lock)
        {
            ConnectionTraits traits = change(_traits);
            if (traits == _traits)
            {
                return;
            }

            former = _current;
            _current = _create(traits);
            _created.Add(_current);
            _traits = traits;
        }

        former.Clear();
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

    /// <summary>
    /// Besides the number, has a server of PostgreSQL 14 or later look once a second whether the client of a running statement is still
    /// there: those of an instance that died are ended. Not through a pooler, where the session is another client's next.
    /// </summary>
    private static NpgsqlCommand BackendId(NpgsqlConnection connection)
    {
        const string sql =
            """
            select pg_backend_pid(),
                   case when pg_backend_pid() = $1 and current_setting('client_connection_check_interval', true) = '0'
                             and version() like '%linux%'
                        then set_config('client_connection_check_interval', '1000', false) end
            """;
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = connection.ProcessID });
        return command;
    }

    /// <summary>A pooler makes up the number that a client gets for its connection, as it can't know the server process.</summary>
    private static void RefusePooler(NpgsqlConnection connection, int backend)
    {
        if (backend != connection.ProcessID)
        {
            throw new PoolerException();
        }
    }
}

/// <summary>What connections do, if their settings say so.</summary>
internal readonly record struct ConnectionTraits(bool Prepares, bool SetsSearchPath);

/// <summary>A pooler answers in the server's place.</summary>
internal sealed class PoolerException() : Exception("A pooler answers in the place of the server.");
