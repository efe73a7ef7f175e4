using System.Threading.RateLimiting;

namespace Orders.Api.Limits;

/// <summary>
/// How many requests run at a time. As many again may wait, the oldest first, for a second at most, and at most half of them from one
/// network: a client with thousands of requests leaves room for others.
/// </summary>
internal sealed class ConcurrencyLimit : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ConcurrencyLimiter _running;
    private readonly PartitionedRateLimiter<ClientNetwork> _waiting;

    /// <param name="requests">How many run at a time.</param>
    /// <param name="time">The clock.</param>
    public ConcurrencyLimit(int requests, TimeProvider time)
    {
        _time = time;
        Requests = requests;
        int queue = int.Max(2, requests);
        var share = new ConcurrencyLimiterOptions { PermitLimit = queue / 2, QueueLimit = 0 };
        _running = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = requests, QueueLimit = queue });
        _waiting = PartitionedRateLimiter.Create<ClientNetwork, ClientNetwork>(
            network => RateLimitPartition.GetConcurrencyLimiter(network, _ => share));
    }

    /// <summary>How many requests run at a time.</summary>
    public int Requests { get; }

    /// <returns>The permit to run; one that is not acquired when the request has to wait.</returns>
    public RateLimitLease TryStart() => _running.AttemptAcquire();

    /// <returns>The permit to run; null when there is no room to wait, or none to run in time.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<RateLimitLease?> WaitAsync(ClientNetwork network, CancellationToken cancellationToken)
    {
        using RateLimitLease place = _waiting.AttemptAcquire(network);
        if (!place.IsAcquired)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(LongestWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            RateLimitLease permit = await _running.AcquireAsync(1, either.Token);
            return permit.IsAcquired ? permit : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        await _waiting.DisposeAsync();
    }
}
