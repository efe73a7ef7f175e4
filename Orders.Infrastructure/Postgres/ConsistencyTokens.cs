using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>What reads have to show: the newest change of this instance, and the token of the caller.</summary>
/// <remarks>
/// A caller's token flows with its request, as the trace does: what a request reads on its way need not know of it, and can't leave it out.
/// </remarks>
/// <param name="areUsed">There may be more than one server.</param>
/// <param name="time">The clock.</param>
internal sealed class ConsistencyTokens(bool areUsed, TimeProvider time) : IConsistencyTokens
{
    /// <summary>
    /// How long the primary answers reads after a change of which the server told no position. A standby that is further behind than this
    /// is broken.
    /// </summary>
    private static readonly TimeSpan WithoutPosition = TimeSpan.FromSeconds(30);

    private static readonly AsyncLocal<WalPosition?> RequiredHere = new();

    private readonly Lock _lock = new();
    private WalPosition? _newest;
    private long? _unknownAt;

    public bool AreUsed => areUsed;

    public string? Newest
    {
        get
        {
            lock (_lock)
            {
                return _newest?.ToToken();
            }
        }
    }

    /// <summary>What the caller's token asks for; null when it has sent none.</summary>
    public static WalPosition? Required
    {
        get => RequiredHere.Value;
        set => RequiredHere.Value = value;
    }

    /// <summary>What this instance has changed; null when nothing.</summary>
    public WalPosition? Own
    {
        get
        {
            lock (_lock)
            {
                return _unknownAt is { } since && time.GetElapsedTime(since) < WithoutPosition ? WalPosition.Unreachable : _newest;
            }
        }
    }

    public void Require(string token) => Required = WalPosition.FromToken(token);

    /// <param name="position">A place after a change's commit; null when the server does not tell it.</param>
    public void Record(WalPosition? position)
    {
        lock (_lock)
        {
            if (position is not { } reached)
            {
                _unknownAt = time.GetTimestamp();
            }
            else if (_newest is not { } newest || !newest.HasReached(reached))
            {
                _newest = reached;
            }
        }
    }

    /// <summary>
    /// A primary of a later timeline holds all that there is of the earlier ones, so its place now stands for the newest change on those.
    /// </summary>
    public void Promoted(WalPosition primary)
    {
        lock (_lock)
        {
            if (_newest is { } newest && newest.System == primary.System && newest.Timeline < primary.Timeline)
            {
                _newest = primary;
            }
        }
    }
}
