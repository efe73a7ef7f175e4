using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Orders.Api.Http;

/// <summary>The places that connections have. When all are taken, the oldest connections are asked to end, and new ones wait.</summary>
/// <remarks>
/// To be asked ends an idle connection at once, and a busy one after its request; so clients that hold connections without using them
/// keep nobody out. A new connection is left alone for a while: its first request is on its way. Kestrel's own limit closes new
/// connections instead of letting them wait, and ends none of the old.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to dispose of: nobody asks for its wait handle.")]
internal sealed partial class ConnectionPlaces(int capacity, TimeProvider time, ILogger<ConnectionPlaces> logger)
{
    /// <summary>Of as many places one connection is asked to end at a time.</summary>
    private const int Share = 32;

    /// <summary>
    /// How long those that were asked have time, until others are asked as well; and how long a connection is not asked, as its first
    /// request is on its way. Longer, and silent connections would keep others waiting: each place frees itself once in this time.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _free = new(capacity);

    /// <summary>Those that have not been asked to end, the oldest first.</summary>
    private readonly LinkedList<OpenConnection> _open = [];
    private readonly Lock _lock = new();
    private long _lastLogged;

    /// <summary>Waits for a free place and takes it.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (_free.Wait(0, cancellationToken))
        {
            return;
        }

        LogFull();
        do
        {
            AskOldest();
        }
        while (!await _free.WaitAsync(Patience, cancellationToken));
    }

    /// <summary>Gives a place back that no connection came to.</summary>
    public void Free() => _free.Release();

    /// <summary>Gives the place that was taken to a connection, until it is disposed of.</summary>
    public ConnectionContext Occupy(ConnectionContext connection)
    {
        lock (_lock)
        {
            return new PlacedConnection(this, connection, _open.AddLast(new OpenConnection(connection, Stopwatch.GetTimestamp())));
        }
    }

    private void AskOldest()
    {
        var oldest = new List<IConnectionLifetimeNotificationFeature>();
        lock (_lock)
        {
            LinkedListNode<OpenConnection>? next = _open.First;
            while (next is { Value: var open } node && oldest.Count < int.Max(1, capacity / Share)
                && Stopwatch.GetElapsedTime(open.AcceptedAt) >= Patience)
            {
                next = node.Next;

                // Not there before Kestrel has begun with it.
                if (open.Connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
                {
                    oldest.Add(lifetime);
                    _open.Remove(node);
                }
            }
        }

        oldest.ForEach(lifetime => lifetime.RequestClose());
    }

    private void Leave(LinkedListNode<OpenConnection> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _open.Remove(place);
            }
        }

        _free.Release();
    }

    private void LogFull()
    {
        long now = time.GetTimestamp();
        if (_lastLogged == 0 || time.GetElapsedTime(_lastLogged, now) >= LogInterval)
        {
            _lastLogged = now;
            LogFull(logger, capacity);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "All {Connections} connections are taken, so the oldest are closed for new ones. "
        + "Kestrel:Limits:MaxConcurrentConnections and the process's limit of open files (ulimit -n) say how many there may be.")]
    private static partial void LogFull(ILogger logger, int connections);

    /// <param name="Connection">The transport's.</param>
    /// <param name="AcceptedAt">By the system's clock, as the network goes by it.</param>
    private readonly record struct OpenConnection(ConnectionContext Connection, long AcceptedAt);

    /// <summary>The transport's connection, which leaves its place when Kestrel has disposed of it.</summary>
    private sealed class PlacedConnection(ConnectionPlaces places, ConnectionContext inner, LinkedListNode<OpenConnection> place)
        : DelegatingConnection(inner)
    {
        private int _left;

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await base.DisposeAsync();
            }
            finally
            {
                if (Interlocked.Exchange(ref _left, 1) == 0)
                {
                    places.Leave(place);
                }
            }
        }
    }
}
