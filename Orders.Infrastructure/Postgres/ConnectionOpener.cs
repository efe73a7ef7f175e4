using System.Net.Sockets;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>Opens connections, and retries a server that is away for as long as the policy says.</summary>
internal sealed class ConnectionOpener(ServerDataSource dataSource, ConnectionPolicy policy, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Enough to connect to a distant server by TLS.</summary>
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(1.5);

    private readonly CircuitBreaker _circuit = new(policy.RetryTime, time);

    /// <summary>
    /// The driver's time-out for a connection, waiting for the pool included. Its 0 means none: then the longest wait of a semaphore.
    /// </summary>
    public TimeSpan ConnectTimeout { get; } =
        new NpgsqlConnectionStringBuilder(dataSource.Current.ConnectionString).Timeout is > 0 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromMilliseconds((long)int.MaxValue);

    /// <summary>Whether the server is there, as far as attempts have shown.</summary>
    public CircuitState Circuit => _circuit.State;

    /// <summary>The pause after an attempt.</summary>
    public static TimeSpan Pause(int attempt) => Shorter(FirstPause * attempt, LongestPause);

    /// <param name="retries">Whether to retry a server that is away.</param>
    /// <param name="startedAt">When the caller began to retry; null for a new caller.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabaseUnavailableException">There is no connection.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(bool retries, long? startedAt, CancellationToken cancellationToken) =>
        (retries ? _circuit.Enter() : CircuitState.Closed) switch
        {
            CircuitState.Closed => TryAsync(retries, startedAt, cancellationToken),
            CircuitState.HalfOpen => ProbeAsync(startedAt, cancellationToken),
            CircuitState.Open => ValueTask.FromException<NpgsqlConnection>(policy.Unavailable(_circuit.Cause!)),
        };

    private async ValueTask<NpgsqlConnection> ProbeAsync(long? startedAt, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(retries: true, startedAt, cancellationToken);
        }
        finally
        {
            _circuit.EndProbe();
        }
    }

    private async ValueTask<NpgsqlConnection> TryAsync(bool retries, long? startedAt, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            int password = policy.PasswordVersion;
            bool mayLeaveOutSearchPath = dataSource is { OwnsSearchPath: true, UsesSearchPathOfRole: false };
            long triedAt = time.GetTimestamp();
            try
            {
                NpgsqlConnection connection = retries
                    ? await OpenInTimeAsync(startedAt, cancellationToken)
                    : await dataSource.Current.OpenConnectionAsync(cancellationToken);
                _circuit.RecordSuccess();
                return connection;
            }
            catch (PoolerException)
            {
                dataSource.StopPreparing();
                continue;
            }
            catch (PostgresException exception) when (mayLeaveOutSearchPath && SqlStates.IsRefusedSearchPath(exception))
            {
                dataSource.StopSettingSearchPath();
                continue;
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException or TimeoutException
                || ConnectionPolicy.IsFileError(exception))
            {
                if (SqlStates.IsRefusedPassword(exception) && await policy.RenewPasswordAsync(password, cancellationToken))
                {
                    continue;
                }

                if (!retries || !policy.IsTransient(exception))
                {
                    throw policy.Unavailable(exception);
                }

                startedAt ??= triedAt;
                Exception cause = _circuit.RecordFailure(exception, triedAt);
                if (Remaining(startedAt) < CircuitBreaker.LeastWait)
                {
                    throw policy.Unavailable(cause);
                }
            }

            await Task.Delay(Shorter(Pause(attempt), Longer(Remaining(startedAt), TimeSpan.Zero)), time, cancellationToken);
        }
    }

    /// <summary>
    /// An attempt that ends when the time to retry does, so that a silent server is given up as soon as one that refuses.
    /// </summary>
    private ValueTask<NpgsqlConnection> OpenInTimeAsync(long? startedAt, CancellationToken cancellationToken)
    {
        TimeSpan limit = policy.RetryTime == TimeSpan.Zero ? TimeSpan.MaxValue : Longer(Remaining(startedAt), ShortestAttempt);
        return limit < ConnectTimeout
            ? OpenWithinAsync(limit, cancellationToken)
            : dataSource.Current.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>
    /// Leaves the attempt behind at the limit: while the driver waits for a server's first bytes it heeds only its own time-out.
    /// </summary>
    private async ValueTask<NpgsqlConnection> OpenWithinAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        Task<NpgsqlConnection> opening = dataSource.Current.OpenConnectionAsync(either.Token).AsTask();
        try
        {
            return await opening.WaitAsync(either.Token);
        }
        catch (OperationCanceledException exception) when (either.IsCancellationRequested)
        {
            _ = CloseAsync(opening);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException("The server did not answer within the time to retry.", exception);
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

    /// <summary>How much of the time to retry is left for this caller.</summary>
    private TimeSpan Remaining(long? startedAt) => startedAt is { } since
        ? Shorter(policy.RetryTime - time.GetElapsedTime(since), _circuit.Remaining)
        : _circuit.Remaining;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
