using System.Reflection;
using Dapper;
using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Schema;

/// <summary>Applies the embedded scripts of <c>Schema/</c> in order and each one once. One process migrates at a time.</summary>
internal sealed partial class SchemaMigrator(DatabaseConnections database, ILogger<SchemaMigrator> logger) : ISchemaMigrator
{
    // "orders" in ASCII. Any number would do that all migrators use.
    private const long AdvisoryLock = 0x6f7264657273;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateLockedAsync(cancellationToken);
        }
        catch (NpgsqlException exception) when (IsUnavailable(exception))
        {
            throw Unavailable(exception);
        }
    }

    private static bool IsUnavailable(Exception exception) =>
        exception is NpgsqlException { SqlState: null } || SqlStates.KindOf(exception) == ErrorKind.ServerAway;

    private static DatabaseUnavailableException Unavailable(Exception cause) =>
        new("The connection failed while the schema was applied.", cause);

    private async Task MigrateLockedAsync(CancellationToken cancellationToken)
    {
        const string lockSql = "select pg_advisory_xact_lock(@AdvisoryLock)";
        const string schemaSql = "select current_schema()";

        // The transaction holds the lock, so it ends with the connection at the latest.
        await using NpgsqlConnection locked = await database.OpenAsync(retries: true, cancellationToken);
        await using NpgsqlTransaction transaction = await locked.BeginTransactionAsync(cancellationToken);
        await locked.ExecuteAsync(
            new CommandDefinition(lockSql, new { AdvisoryLock }, commandTimeout: 0, cancellationToken: cancellationToken));

        // The schema is part of the journal's name. Without it, DbUp would also accept the journal of another schema.
        string schema = await locked.ExecuteScalarAsync<string?>(new CommandDefinition(schemaSql, cancellationToken: cancellationToken))
            ?? throw new StartupException(
                "No schema of the search path exists: create one, or set Search Path in ConnectionStrings:Orders.");

        // DbUp takes no cancellation token. WaitAsync lets a cancelled caller stop waiting for it.
        await Task.Run(() => Apply(schema), CancellationToken.None).WaitAsync(cancellationToken);
    }

    private void Apply(string schema)
    {
        DatabaseUpgradeResult result = DeployChanges.To
            .PostgresqlDatabase(new PostgresqlConnectionManager(database.DataSource.Current))
            .JournalToPostgresqlTable(schema, "orders_schema_versions")
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly())
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();

        if (!result.Successful && IsUnavailable(result.Error))
        {
            throw Unavailable(result.Error);
        }

        if (!result.Successful)
        {
            string reason = (result.Error.GetBaseException() as PostgresException)?.MessageText ?? result.Error.Message;
            string remedy = SqlStates.IsMissingRight(result.Error)
                ? " Migrate as a role that may create tables in the first schema of the search path, and change those that are there."
                : "";
            throw new StartupException(
                $"The schema script {result.ErrorScript?.Name ?? "journal"} failed: {reason.TrimEnd('.')}.{remedy}", result.Error);
        }

        foreach (SqlScript script in result.Scripts)
        {
            LogApplied(logger, script.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied schema script {Script}")]
    private static partial void LogApplied(ILogger logger, string script);
}
