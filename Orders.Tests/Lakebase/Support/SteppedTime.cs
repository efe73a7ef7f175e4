using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Orders.Tests.Lakebase.Support;

/// <summary>A clock that stands still until a test moves it, and that tells which timers are set on it.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public SteppedTime()
        : base(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>While it is held the clock stands still: for what takes true time and must not run into time limits by this clock.</summary>
    public Lock Steps { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ToldTimer(base.CreateTimer(callback, state, dueTime, period), _timers.Writer);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Returns when a timer has been set that is due between these, since the last call.</summary>
    public async Task<TimeSpan> WaitForTimerAsync(TimeSpan shortest, TimeSpan longest)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            TimeSpan due = await _timers.Reader.ReadAsync(deadline.Token);
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
    /// <param name="longest">Longer ones are time limits, which are not to run out.</param>
    /// <param name="passed">Told the time that has passed since the call.</param>
    public async Task PassAsync(Task task, TimeSpan longest, Action<TimeSpan>? passed = null)
    {
        DateTimeOffset begun = GetUtcNow();
        using var deadline = new CancellationTokenSource(Deadline);
        while (!task.IsCompleted)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, "It took longer than a minute of true time.");
            if (!_timers.Reader.TryRead(out TimeSpan due))
            {
                await Task.WhenAny(task, _timers.Reader.WaitToReadAsync(deadline.Token).AsTask());
            }
            else if (due > TimeSpan.Zero && due <= longest)
            {
                Step(due);
                passed?.Invoke(GetUtcNow() - begun);
            }
        }
    }

    private void Step(TimeSpan time)
    {
        lock (Steps)
        {
            Advance(time);
        }
    }

    /// <summary>One that is set when it is made, or later.</summary>
    private sealed class ToldTimer(ITimer timer, ChannelWriter<TimeSpan> told) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            told.TryWrite(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
