using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Orders.Api.Http;

/// <summary>The places that connections have. When all are taken, the oldest connections are asked to end, and new ones wait.</summary>
/// <remarks>
/// To be asked ends an idle connection at once, and a busy one after its request; so clients that hold connections without using them
/// keep nobody out. Kestrel's own limit closes new connections instead of letting them wait, and ends none of the old.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to dispose of: nobody asks for its wait handle.")]
internal sealed partial class ConnectionPlaces(int capacity, TimeProvider time, ILogger<ConnectionPlaces> logger)
{
    /// <summary>Of as many places one connection is asked to end at a time.</summary>
    private const int Share = 32;

    /// <summary>How long those that were asked have time, until others are asked as well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _free = new(capacity);

    /// <summary>Those that have not been asked to end, the oldest first.</summary>
    private readonly LinkedList<ConnectionContext> _open = [];
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
            return new PlacedConnection(this, connection, _open.AddLast(connection));
        }
    }

    private void AskOldest()
    {
        var oldest = new List<IConnectionLifetimeNotificationFeature>();
        lock (_lock)
        {
            LinkedListNode<ConnectionContext>? next = _open.First;
            while (next is { Value: var connection } node && oldest.Count < int.Max(1, capacity / Share))
            {
                next = node.Next;

                // Not there before Kestrel has begun with it.
                if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
                {
                    oldest.Add(lifetime);
                    _open.Remove(node);
                }
            }
        }

        oldest.ForEach(lifetime => lifetime.RequestClose());
    }

    private void Leave(LinkedListNode<ConnectionContext> place)
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

    /// <summary>The transport's connection, which leaves its place when Kestrel has disposed of it.</summary>
    private sealed class PlacedConnection(ConnectionPlaces places, ConnectionContext inner, LinkedListNode<ConnectionContext> place)
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
