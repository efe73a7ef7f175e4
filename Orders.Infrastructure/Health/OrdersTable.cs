using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Health;

/// <summary>
/// Runs statements on the table of orders, while the table is what they take. It is looked at before the first statement, then once a
/// second while statements come, and after each error that says that it has changed.
/// </summary>
/// <param name="database">The table's server.</param>
/// <param name="inspector">Who looks at the table.</param>
/// <param name="isReadOnly">Nothing is to be changed, so what stands in the way of changes is no matter.</param>
/// <param name="logger">Where problems are logged.</param>
internal sealed partial class OrdersTable(
    DatabaseConnections database, ITableInspector inspector, bool isReadOnly, ILogger<OrdersTable> logger)
{
    /// <summary>A report as old as this is renewed; statements go on meanwhile if the table was fine.</summary>
    private static readonly TimeSpan RenewAge = TimeSpan.FromSeconds(1);

    /// <summary>A report as old as this is not relied on.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly FirstRelation _relation = new();
    private volatile Inspection? _last;
    private Task<TableReport>? _running;
    private string? _lastFailure;

    public DatabaseConnections Connections => database;

    /// <inheritdoc cref="TableReport.HasForeignRows"/>
    public bool HasForeignRows => _last?.Report.HasForeignRows == true;

    /// <summary>Reads from the primary what has to be current.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(static report => report.ReadProblem, () => database.ReadAsync(read, cancellationToken), cancellationToken);

    /// <summary>Reads, from where reads go, what may be as old as a standby is.</summary>
    public Task<T> ReadAnyAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) => RunAsync(
        static report => report.ReadProblem, () => database.ReadAsync(read, StatementTarget.Readers, cancellationToken), cancellationToken);

    /// <summary>Reads, from where reads go, what shows the changes of this instance and those before the caller's token.</summary>
    public Task<T> ReadAsync<T>(
        Action<NpgsqlBatch> ask, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(static report => report.ReadProblem, () => database.ReadAsync(ask, read, cancellationToken), cancellationToken);

    /// <summary>Changes orders.</summary>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken) =>
        RunAsync(static report => report.TableProblem, () => database.WriteAsync(write, cancellationToken), cancellationToken);

    /// <summary>The same, in one round trip.</summary>
    public Task<T> WriteAsync<T>(
        Action<NpgsqlBatch> ask, Func<NpgsqlBatch, NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(static report => report.TableProblem, () => database.WriteAsync(ask, read, cancellationToken), cancellationToken);

    /// <summary>Takes a report that somebody else has got, and logs what is new in it.</summary>
    /// <returns>What counts of the report, with what this table knows from before.</returns>
    public TableReport Record(TableReport report)
    {
        Inspection? before;
        lock (_lock)
        {
            report = _relation.Judge(isReadOnly ? report with { ChangeProblem = null, ServerProblem = null } : report);
            before = _last;
            _last = new Inspection(report, database.Time.GetTimestamp());
        }

        if (report.Problem is { } problem && problem != before?.Report.Problem)
        {
            LogProblem(logger, problem.Sentence);
        }
        else if (report.Problem is null && before?.Report.Problem is not null)
        {
            LogMended(logger);
        }

        return report;
    }

    private async Task<T> RunAsync<T>(
        Func<TableReport, TableProblem?> problemIn, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        TableReport report = CurrentReport(problemIn) ?? await InspectAsync().WaitAsync(cancellationToken);
        ThrowIf(problemIn(report), cause: null);
        try
        {
            return await run();
        }
        catch (PostgresException exception) when (SqlStates.KindOf(exception) is ErrorKind.WrongTable or ErrorKind.NotAllowed)
        {
            report = await InspectAsync().WaitAsync(cancellationToken);
            ThrowIf(problemIn(report), exception);
        }

        // The table was just being replaced: the statement did not happen.
        return await run();
    }

    private static void ThrowIf(TableProblem? problem, Exception? cause)
    {
        if (problem is not null)
        {
            throw new DatabaseUnavailableException(problem.Reason, cause, problem.Hint) { IsConnected = true, IsLogged = true };
        }
    }

    /// <returns>Null when the caller has to wait for a new report.</returns>
    private TableReport? CurrentReport(Func<TableReport, TableProblem?> problemIn)
    {
        if (_last is not { } last)
        {
            return null;
        }

        TimeSpan age = database.Time.GetElapsedTime(last.At);
        if (age < RenewAge)
        {
            return last.Report;
        }

        if (age >= MaxAge || problemIn(last.Report) is not null)
        {
            return null;
        }

        _ = InspectAsync();
        return last.Report;
    }

    /// <summary>Looks at the table, once for all who want that at the time.</summary>
    private Task<TableReport> InspectAsync()
    {
        lock (_lock)
        {
            if (_running is null or { IsCompleted: true })
            {
                using (ExecutionContext.SuppressFlow())
                {
                    _running = Task.Run(InspectOnceAsync);
                }

                // Marks a failure as seen when nobody waits for it.
                _ = _running.ContinueWith(static task => task.Exception, TaskScheduler.Default);
            }

            return _running;
        }
    }

    private async Task<TableReport> InspectOnceAsync()
    {
        TableReport report;
        try
        {
            report = await InspectSomewhereAsync();
        }
        catch (PostgresException exception)
        {
            // A server whose catalogue can't be read as PostgreSQL's: the statements will tell.
            if (_lastFailure != exception.MessageText)
            {
                _lastFailure = exception.MessageText;
                LogNotInspected(logger, exception.MessageText);
            }

            report = TableReport.Fine;
        }

        return Record(report);
    }

    /// <summary>On the primary, and while there is none, where reads go on.</summary>
    private async Task<TableReport> InspectSomewhereAsync()
    {
        try
        {
            return await database.ReadAsync(
                connection => inspector.InspectAsync(connection, CancellationToken.None), CancellationToken.None);
        }
        catch (DatabaseUnavailableException) when (database.HasSeveralServers)
        {
            return await database.ReadAsync(
                connection => inspector.InspectAsync(connection, CancellationToken.None), StatementTarget.Readers, CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The table of orders is as it has to be again.")]
    private static partial void LogMended(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table of orders could not be looked at: {Reason}")]
    private static partial void LogNotInspected(ILogger logger, string reason);

    private sealed record Inspection(TableReport Report, long At);
}
