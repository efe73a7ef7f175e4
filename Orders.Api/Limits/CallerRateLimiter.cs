using System.Threading.RateLimiting;
using Orders.Application;

namespace Orders.Api.Limits;

/// <summary>
/// The rate limits, a token bucket for each caller: by name and kind of credentials, or without them by network. A request takes one
/// token; what counts as many takes the others by <see cref="PartitionedRateLimiter{TResource}.AttemptAcquire"/>.
/// </summary>
/// <remarks>The framework drops the bucket of a caller that has been full for ten seconds.</remarks>
internal sealed class CallerRateLimiter : PartitionedRateLimiter<HttpContext>
{
    private readonly RateLimitPolicy? _read;
    private readonly RateLimitPolicy? _write;
    private readonly PartitionedRateLimiter<HttpContext> _callers;

    public CallerRateLimiter(RateLimitOptions limits)
    {
        _read = limits.Read is { } read ? new RateLimitPolicy("read", read) : null;
        _write = limits.Write is { } write ? new RateLimitPolicy("write", write) : null;
        _callers = PartitionedRateLimiter.Create<HttpContext, Caller>(Partition);
    }

    /// <returns>Null when the request is under no limit.</returns>
    public RateLimitPolicy? PolicyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RateLimitedAttribute>() is null ? null
        : HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? _read
        : _write;

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => _callers.GetStatistics(resource);

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) =>
        IsBeyondBurst(resource, permitCount) ? RefusedLease.Instance : _callers.AttemptAcquire(resource, permitCount);

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
        IsBeyondBurst(resource, permitCount)
            ? ValueTask.FromResult<RateLimitLease>(RefusedLease.Instance)
            : _callers.AcquireAsync(resource, permitCount, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _callers.Dispose();
        }

        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await _callers.DisposeAsync();
        await base.DisposeAsyncCore();
    }

    private bool IsBeyondBurst(HttpContext context, int permits) => PolicyOf(context) is { } policy && permits > policy.Burst;

    private RateLimitPartition<Caller> Partition(HttpContext context) => PolicyOf(context) is { } policy
        ? RateLimitPartition.GetTokenBucketLimiter(Caller.Of(context, policy), static caller => caller.Policy!.Bucket)
        : RateLimitPartition.GetNoLimiter(default(Caller));

    /// <summary>Whose bucket it is. The network counts for callers without credentials alone.</summary>
    private readonly record struct Caller(RateLimitPolicy? Policy, string? Credentials, string? Name, ClientNetwork Network)
    {
        public static Caller Of(HttpContext context, RateLimitPolicy policy) =>
            context.User.Identity is { IsAuthenticated: true, Name.Length: > 0 } identity
                ? new Caller(policy, identity.AuthenticationType, identity.Name, default)
                : new Caller(policy, null, null, ClientNetwork.Of(context));
    }

    /// <summary>More than a full bucket holds: trying again does not help.</summary>
    private sealed class RefusedLease : RateLimitLease
    {
        public static readonly RefusedLease Instance = new();

        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
