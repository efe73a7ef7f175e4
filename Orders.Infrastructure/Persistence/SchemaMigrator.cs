using System.Reflection;
using Dapper;
using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Persistence;

/// <summary>Applies the embedded scripts of <c>Schema/</c>, each once and in order, one process at a time.</summary>
internal sealed partial class SchemaMigrator(NpgsqlDataSource dataSource, ILogger<SchemaMigrator> logger) : ISchemaMigrator
{
    // "orders" in ASCII: any number that everyone who migrates this schema agrees on.
    private const long AdvisoryLock = 0x6f7264657273;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection locked = await dataSource.OpenAsync(cancellationToken);
        var acquire = new CommandDefinition("select pg_advisory_lock(@AdvisoryLock)", new { AdvisoryLock }, commandTimeout: 0, cancellationToken: cancellationToken);
        await locked.ExecuteAsync(acquire);
        try
        {
            // The journal is looked for by schema and name: without the schema, another schema's journal would do.
            var schema = new CommandDefinition("select current_schema()", cancellationToken: cancellationToken);
            Apply(await locked.ExecuteScalarAsync<string?>(schema)
                ?? throw new StartupException("No schema of the search path exists: create one, or set Search Path in ConnectionStrings:Orders."));
        }
        finally
        {
            // The lock is the session's and the session goes back to the pool. The token may be what ended the work.
            var release = new CommandDefinition("select pg_advisory_unlock(@AdvisoryLock)", new { AdvisoryLock }, cancellationToken: CancellationToken.None);
            await locked.ExecuteAsync(release);
        }
    }

    private void Apply(string schema)
    {
        DatabaseUpgradeResult result = DeployChanges.To
            .PostgresqlDatabase(new PostgresqlConnectionManager(dataSource))
            .JournalToPostgresqlTable(schema, "orders_schema_versions")
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly())
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();

        if (!result.Successful)
        {
            throw new StartupException(
                $"The schema script {result.ErrorScript?.Name ?? "journal"} failed: {result.Error.Message} Migrate as a role that may create tables in the first schema of the search path.",
                result.Error);
        }

        foreach (SqlScript script in result.Scripts)
        {
            LogApplied(logger, script.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied schema script {Script}")]
    private static partial void LogApplied(ILogger logger, string script);
}
