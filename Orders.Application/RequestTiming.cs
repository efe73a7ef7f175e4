using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orders.Application;

/// <summary>Where the time of a request went.</summary>
/// <remarks>
/// It is kept with the request's activity, which flows to whatever the request waits for. Requests that are neither traced nor asked for
/// have none, until one of their waits is long enough to tell of.
/// </remarks>
public sealed class RequestTiming
{
    private const string Property = "orders.timing";

    /// <summary>Shorter ones of requests that have no timing are nothing to tell of.</summary>
    private static readonly TimeSpan Notable = TimeSpan.FromMilliseconds(100);

    private static readonly Lock Creating = new();

    private long _wait;
    private long _database;
    private ConcurrentQueue<ActivityContext>? _statements;

    /// <summary>For its turn: for a permit to run, for statements before its own, for the first count.</summary>
    public TimeSpan Wait => TimeSpan.FromTicks(Interlocked.Read(ref _wait));

    /// <summary>For its statements, with the connections that they take. Those that run at the same time are added up.</summary>
    public TimeSpan Database => TimeSpan.FromTicks(Interlocked.Read(ref _database));

    /// <summary>How the place of a page was found; null for what is no page.</summary>
    public string? FoundBy { get; set; }

    /// <summary>The spans of the statements that it shared with others.</summary>
    public IEnumerable<ActivityContext> Statements => _statements ?? [];

    public static RequestTiming? Of(Activity? request) => (RequestTiming?)request?.GetCustomProperty(Property);

    /// <summary>From now on all is recorded for this request.</summary>
    public static RequestTiming Start(Activity request)
    {
        lock (Creating)
        {
            if (Of(request) is { } existing)
            {
                return existing;
            }

            var timing = new RequestTiming();
            request.SetCustomProperty(Property, timing);
            return timing;
        }
    }

    /// <param name="request">The request's activity; null for what is done for nobody.</param>
    /// <param name="wait">How long it waited for its turn.</param>
    /// <param name="database">How long its statement took.</param>
    /// <param name="statement">The span of a statement that it shared; the default for none.</param>
    public static void Record(Activity? request, TimeSpan wait, TimeSpan database, ActivityContext statement = default)
    {
        if (request is null || (Of(request) ?? (wait + database >= Notable ? Start(request) : null)) is not { } timing)
        {
            return;
        }

        Interlocked.Add(ref timing._wait, wait.Ticks);
        Interlocked.Add(ref timing._database, database.Ticks);
        if (statement != default)
        {
            LazyInitializer.EnsureInitialized(ref timing._statements).Enqueue(statement);
        }
    }
}
