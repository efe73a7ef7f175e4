namespace Orders.Infrastructure.Coalescing;

/// <summary>The askers of one statement. Changed under the gate of <see cref="SharedStatements{TQuestion, TAnswer}"/> only.</summary>
/// <param name="begunAt">When the statement began, a time stamp.</param>
/// <param name="expected">How many come at most, about.</param>
internal sealed class Batch<TQuestion, TAnswer>(long begunAt, int expected) : IDisposable
    where TQuestion : notnull
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Dictionary<TQuestion, int> _places = new(expected);
    private readonly List<Asker<TQuestion, TAnswer>> _newest = new(expected);
    private int _left;

    public long BegunAt => begunAt;

    public List<Asker<TQuestion, TAnswer>> Askers { get; } = new(expected);

    /// <summary>Each once.</summary>
    public List<TQuestion> Questions { get; } = new(expected);

    public CancellationToken Cancelled => _cancellation.Token;

    public bool Asks(TQuestion question) => _places.ContainsKey(question);

    /// <summary>True when nobody in here has asked the same.</summary>
    public bool Add(Asker<TQuestion, TAnswer> asker)
    {
        asker.Batch = this;
        Askers.Add(asker);
        if (_places.TryGetValue(asker.Question, out int place))
        {
            asker.Same = _newest[place];
            _newest[place] = asker;
            return false;
        }

        _places.Add(asker.Question, Questions.Count);
        Questions.Add(asker.Question);
        _newest.Add(asker);
        return true;
    }

    public void Answer(int place, TAnswer answer)
    {
        for (Asker<TQuestion, TAnswer>? asker = _newest[place]; asker is not null; asker = asker.Same)
        {
            asker.Succeed(answer);
        }
    }

    public void Fail(int place, Exception exception)
    {
        for (Asker<TQuestion, TAnswer>? asker = _newest[place]; asker is not null; asker = asker.Same)
        {
            asker.Fail(exception);
        }
    }

    public void Fail(Exception exception)
    {
        foreach (Asker<TQuestion, TAnswer> asker in Askers)
        {
            asker.Fail(exception);
        }
    }

    /// <summary>Without waiting: to cancel a statement, the driver opens a connection of its own.</summary>
    public void LoseOne()
    {
        if (++_left == Askers.Count)
        {
            _ = _cancellation.CancelAsync();
        }
    }

    public void Dispose() => _cancellation.Dispose();
}
