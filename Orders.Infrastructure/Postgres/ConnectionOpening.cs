using System.Net.Sockets;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>Opens connections, and waits for a server that is away as long as its rules say.</summary>
internal sealed class ConnectionOpening(NpgsqlDataSource dataSource, ServerRules rules, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>What it takes to connect to a server that is there, far away and by TLS.</summary>
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(1.5);

    private readonly Outage _outage = new(rules.Patience, time);

    /// <summary>The driver's own limit, pool included. In its settings 0 is none: as long as a semaphore can be waited for, then.</summary>
    public TimeSpan ConnectTimeout { get; } = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).Timeout is > 0 and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : TimeSpan.FromMilliseconds((long)int.MaxValue);

    /// <summary>Between this attempt and the next.</summary>
    public static TimeSpan Pause(int attempt) => Shorter(FirstPause * attempt, LongestPause);

    /// <param name="waits">Whether a server that is away is waited for.</param>
    /// <param name="begunAt">Since when the caller has been at it; null when it has only come.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">No connection could be had.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(bool waits, long? begunAt, CancellationToken cancellationToken) =>
        (waits ? _outage.Enter() : OutageEntry.Try) switch
        {
            OutageEntry.Try => TryAsync(waits, begunAt, cancellationToken),
            OutageEntry.TryAlone => TryAloneAsync(begunAt, cancellationToken),
            OutageEntry.Refrain => ValueTask.FromException<NpgsqlConnection>(rules.Unavailable(_outage.Cause!)),
        };

    private async ValueTask<NpgsqlConnection> TryAloneAsync(long? begunAt, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(waits: true, begunAt, cancellationToken);
        }
        finally
        {
            _outage.Leave();
        }
    }

    private async ValueTask<NpgsqlConnection> TryAsync(bool waits, long? begunAt, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            int password = rules.PasswordVersion;
            long triedAt = time.GetTimestamp();
            try
            {
                NpgsqlConnection connection = waits ? await OpenInTimeAsync(begunAt, cancellationToken) : await dataSource.OpenConnectionAsync(cancellationToken);
                _outage.End();
                return connection;
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException or TimeoutException || ServerRules.IsOfFile(exception))
            {
                if (IsRefusedLogin(exception) && await rules.RenewPasswordAsync(password, cancellationToken))
                {
                    continue;
                }

                if (!waits || !rules.IsPassing(exception))
                {
                    throw rules.Unavailable(exception);
                }

                begunAt ??= triedAt;
                Exception cause = _outage.Meet(exception, triedAt);
                if (Left(begunAt) < Outage.LeastWait)
                {
                    throw rules.Unavailable(cause);
                }
            }

            await Task.Delay(Shorter(Pause(attempt), Longer(Left(begunAt), TimeSpan.Zero)), time, cancellationToken);
        }
    }

    /// <summary>An attempt that ends with the waiting, so that a server that says nothing is given up when one that refuses would be.</summary>
    private ValueTask<NpgsqlConnection> OpenInTimeAsync(long? begunAt, CancellationToken cancellationToken)
    {
        TimeSpan limit = rules.Patience == TimeSpan.Zero ? TimeSpan.MaxValue : Longer(Left(begunAt), ShortestAttempt);
        return limit < ConnectTimeout ? OpenWithinAsync(limit, cancellationToken) : dataSource.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>The driver heeds its own limit alone while it waits for a server's first words, so it is left to that.</summary>
    private async ValueTask<NpgsqlConnection> OpenWithinAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        Task<NpgsqlConnection> opening = dataSource.OpenConnectionAsync(either.Token).AsTask();
        try
        {
            return await opening.WaitAsync(either.Token);
        }
        catch (OperationCanceledException exception) when (either.IsCancellationRequested)
        {
            _ = CloseAsync(opening);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException("The server did not answer as long as it was waited for.", exception);
        }
    }

    private static async Task CloseAsync(Task<NpgsqlConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }

    /// <summary>How long the server is waited for yet, by this caller.</summary>
    private TimeSpan Left(long? begunAt) =>
        begunAt is { } since ? Shorter(rules.Patience - time.GetElapsedTime(since), _outage.Left) : _outage.Left;

    private static bool IsRefusedLogin(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.InvalidPassword };

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
