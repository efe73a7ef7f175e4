using Microsoft.Extensions.ObjectPool;

namespace Orders.Api.Http;

/// <summary>How long a request may take: its token, <see cref="HttpContext.RequestAborted"/>, is cancelled then, as it is when the client leaves.</summary>
/// <remarks>Its timers are used again by later requests, where the framework's time limit makes two sources of tokens for each.</remarks>
internal sealed class RequestTimeLimit(TimeSpan limit)
{
    private readonly ObjectPool<CancellationTokenSource> _timers = new DefaultObjectPool<CancellationTokenSource>(new TimerPolicy(), maximumRetained: 256);

    /// <summary>Starts a request's time; it has to be disposed of when the request is over.</summary>
    public Running Start(HttpContext context)
    {
        CancellationTokenSource timer = _timers.Get();
        timer.CancelAfter(limit);
        return new Running(this, context, timer);
    }

    /// <summary>A request under way.</summary>
    public readonly struct Running : IDisposable
    {
        private readonly RequestTimeLimit _owner;
        private readonly HttpContext _context;
        private readonly CancellationTokenSource _timer;
        private readonly CancellationToken _client;
        private readonly CancellationTokenRegistration _leaving;

        internal Running(RequestTimeLimit owner, HttpContext context, CancellationTokenSource timer)
        {
            (_owner, _context, _timer, _client) = (owner, context, timer, context.RequestAborted);
            _leaving = _client.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), timer);
            context.RequestAborted = timer.Token;
        }

        /// <summary>Whether the connection was closed before the answer was there.</summary>
        public bool ClientLeft => _client.IsCancellationRequested;

        /// <summary>Whether the token is cancelled, by the time or by the client.</summary>
        public bool IsOver => _timer.IsCancellationRequested;

        public void Dispose()
        {
            // Waits for a cancelling that is under way: the timer is nobody's else afterwards.
            _leaving.Dispose();
            _context.RequestAborted = _client;
            _owner._timers.Return(_timer);
        }
    }

    /// <summary>A timer that has run out can't be used again.</summary>
    private sealed class TimerPolicy : PooledObjectPolicy<CancellationTokenSource>
    {
        public override CancellationTokenSource Create() => new();

        public override bool Return(CancellationTokenSource obj) => obj.TryReset();
    }
}
