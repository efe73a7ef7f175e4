using Microsoft.Extensions.ObjectPool;

namespace Orders.Api.Http;

/// <summary>
/// Limits the time of a request: its token, <see cref="HttpContext.RequestAborted"/>, is cancelled at the limit, as it is when the
/// client disconnects.
/// </summary>
/// <remarks>Later requests reuse its timers. The framework's request time-outs make two token sources for each request.</remarks>
internal sealed class RequestTimeout(TimeSpan limit)
{
    private readonly ObjectPool<CancellationTokenSource> _timers =
        new DefaultObjectPool<CancellationTokenSource>(new TimerPolicy(), maximumRetained: 256);

    /// <summary>Starts the time of a request. Dispose of the result when the request ends.</summary>
    public Running Start(HttpContext context)
    {
        CancellationTokenSource timer = _timers.Get();
        timer.CancelAfter(limit);
        return new Running(this, context, timer);
    }

    /// <summary>A request whose time runs.</summary>
    public readonly struct Running : IDisposable
    {
        private readonly RequestTimeout _owner;
        private readonly HttpContext _context;
        private readonly CancellationTokenSource _timer;
        private readonly CancellationToken _client;
        private readonly CancellationTokenRegistration _leaving;

        internal Running(RequestTimeout owner, HttpContext context, CancellationTokenSource timer)
        {
            (_owner, _context, _timer, _client) = (owner, context, timer, context.RequestAborted);
            _leaving = _client.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), timer);
            context.RequestAborted = timer.Token;
        }

        /// <summary>The client disconnected before the response.</summary>
        public bool ClientLeft => _client.IsCancellationRequested;

        /// <summary>The token is cancelled, by the limit or by the client.</summary>
        public bool IsOver => _timer.IsCancellationRequested;

        public void Dispose()
        {
            // Waits until a callback that runs has ended: afterwards the timer may serve another request.
            _leaving.Dispose();
            _context.RequestAborted = _client;
            _owner._timers.Return(_timer);
        }
    }

    /// <summary>Drops timers that have fired: they can't be reset.</summary>
    private sealed class TimerPolicy : PooledObjectPolicy<CancellationTokenSource>
    {
        public override CancellationTokenSource Create() => new();

        public override bool Return(CancellationTokenSource obj) => obj.TryReset();
    }
}
