using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Orders.Tests.Lakebase.Support;

/// <summary>A clock that stands still until a test moves it, and that tells which timers are set on it.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Of a call to the workspace; longer ones are of what makes several calls and pauses between them.
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(60);

    private readonly Channel<(TimeSpan Time, DateTimeOffset End)> _timers = Channel.CreateUnbounded<(TimeSpan, DateTimeOffset)>();
    private readonly ConcurrentDictionary<ToldTimer, (TimeSpan Time, DateTimeOffset End)> _running = new();

    public SteppedTime()
        : base(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>While it is held the clock stands still: for what takes true time and must not run into time limits by this clock.</summary>
    public Lock Steps { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ToldTimer(this, base.CreateTimer(callback, state, dueTime, period));
        Told(timer, dueTime);
        return timer;
    }

    /// <summary>Returns when a timer has been set that is due between these, since the last call.</summary>
    public async Task<TimeSpan> WaitForTimerAsync(TimeSpan shortest, TimeSpan longest)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            (TimeSpan due, _) = await _timers.Reader.ReadAsync(deadline.Token);
            if (due >= shortest && due <= longest)
            {
                return due;
            }
        }
    }

    public Task WaitForTimerAsync(TimeSpan due) => WaitForTimerAsync(due, due);

    /// <summary>Moves the clock on by each timer up to <paramref name="longest"/> that is set, until one is set that is due then.</summary>
    public async Task PassUntilTimerAsync(TimeSpan due, TimeSpan longest)
    {
        while (await WaitForTimerAsync(TimeSpan.FromMilliseconds(1), due) is var set && set != due)
        {
            if (set <= longest)
            {
                Step(set);
            }
        }
    }

    /// <summary>Moves the clock on by each timer up to <paramref name="longest"/> that is set, until the task is done.</summary>
    /// <param name="task">What waits for the clock.</param>
    /// <param name="longest">Longer ones are time limits, which are not to run out: calls under way are waited for before one would.</param>
    /// <param name="passed">Told the time that has passed since the call.</param>
    public async Task PassAsync(Task task, TimeSpan longest, Action<TimeSpan>? passed = null)
    {
        DateTimeOffset begun = GetUtcNow();
        var ends = new Queue<DateTimeOffset>();
        using var deadline = new CancellationTokenSource(Deadline);
        while (!task.IsCompleted)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, "It took longer than a minute of true time.");
            if (_timers.Reader.TryRead(out (TimeSpan Time, DateTimeOffset End) timer))
            {
                if (timer.Time > TimeSpan.Zero && timer.Time <= longest)
                {
                    ends.Enqueue(timer.End);
                }
            }
            else if (ends.TryPeek(out DateTimeOffset end) && !CallRunsOut(longest, end - GetUtcNow()))
            {
                ends.Dequeue();

                // With several that are set at once, it has passed already.
                if (end > GetUtcNow())
                {
                    Step(end - GetUtcNow());
                    passed?.Invoke(GetUtcNow() - begun);
                }
            }
            else
            {
                await Task.WhenAny(task, _timers.Reader.WaitToReadAsync(deadline.Token).AsTask());
            }
        }
    }

    private bool CallRunsOut(TimeSpan longest, TimeSpan step)
    {
        DateTimeOffset now = GetUtcNow();
        return _running.Values.Any(timer => timer.Time > longest && timer.Time <= CallLimit && timer.End > now && timer.End <= now + step);
    }

    private void Told(ToldTimer timer, TimeSpan dueTime)
    {
        DateTimeOffset end = dueTime > TimeSpan.Zero ? GetUtcNow() + dueTime : default;
        _running[timer] = (dueTime, end);
        _timers.Writer.TryWrite((dueTime, end));
    }

    private void Forget(ToldTimer timer)
    {
        _running.TryRemove(timer, out _);
        _timers.Writer.TryWrite((Timeout.InfiniteTimeSpan, default));
    }

    private void Step(TimeSpan time)
    {
        lock (Steps)
        {
            Advance(time);
        }
    }

    /// <summary>One that is set when it is made, or later.</summary>
    private sealed class ToldTimer(SteppedTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            time.Told(this, dueTime);
            return changed;
        }

        public void Dispose()
        {
            timer.Dispose();
            time.Forget(this);
        }

        public async ValueTask DisposeAsync()
        {
            await timer.DisposeAsync();
            time.Forget(this);
        }
    }
}
