using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Infrastructure.EmbeddedPostgres;
using Testcontainers.PostgreSql;

namespace Orders.Tests.Support;

/// <summary>
/// The PostgreSQL server of a test run, by the environment variable <c>ORDERS_TEST_DB</c>: a connection string is used as it is;
/// <c>container</c> starts a container; <c>private</c> starts a server of the installed programs for the length of the run. When it is not set,
/// a container is used if Docker is running, else a private server.
/// </summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    private readonly IAsyncDisposable? _owned;
    private readonly TestFolder? _folder;

    private DatabaseServer(string connectionString, IAsyncDisposable? owned = null, TestFolder? folder = null) =>
        (ConnectionString, _owned, _folder) = (connectionString, owned, folder);

    /// <summary>The connection string of a role that may create schemas and roles.</summary>
    public string ConnectionString { get; }

    public static async Task<DatabaseServer> StartAsync() => Environment.GetEnvironmentVariable("ORDERS_TEST_DB") switch
    {
        "container" => await StartContainerAsync(),
        "private" => await StartPrivateAsync(new TestFolder()),
        null or "" => await DockerAnswersAsync() ? await StartContainerAsync() : await StartPrivateAsync(new TestFolder()),
        var connectionString => new DatabaseServer(connectionString),
    };

    /// <param name="folder">The server's, which is deleted with it.</param>
    /// <param name="programs">The folder of its programs; null for those that are installed.</param>
    public static async Task<DatabaseServer> StartPrivateAsync(TestFolder folder, string? programs = null)
    {
        var options = new EmbeddedPostgresOptions { DataDirectory = folder.Data, BinDirectory = programs };
        EmbeddedPostgresServer server = await EmbeddedPostgresServer.StartAsync(options, NullLogger.Instance, CancellationToken.None);
        return new DatabaseServer(server.ConnectionString, server, folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (_owned is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await _owned.DisposeAsync();
        }

        _folder?.Dispose();
    }

    private static async Task<bool> DockerAnswersAsync() => (await Tool.RunAsync(["docker", "version"], CancellationToken.None)).ExitCode == 0;

    private static async Task<DatabaseServer> StartContainerAsync()
    {
        string image = Environment.GetEnvironmentVariable("ORDERS_TEST_IMAGE") is { Length: > 0 } name ? name : "postgres:17-alpine";
        PostgreSqlContainer container = new PostgreSqlBuilder(image).Build();
        await container.StartAsync();
        return new DatabaseServer(container.GetConnectionString(), container);
    }
}
