namespace Orders.Application.Orders;

/// <summary>A query for the count and the key index, and those who wait for it.</summary>
internal sealed class CountQuery
{
    private readonly TaskCompletionSource<Count> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long StartedAt { get; set; }

    public Task<Count> Result => _result.Task;

    public void SetResult(Count count) => _result.TrySetResult(count);

    public void SetException(Exception exception)
    {
        _result.TrySetException(exception);

        // Marks it as seen: when nobody waits, the next caller starts a query of its own and meets what that one meets.
        _ = _result.Task.Exception;
    }
}

/// <summary>What a query has found.</summary>
/// <param name="Index">The result.</param>
/// <param name="ReadAt">When its query started.</param>
/// <param name="TriedAt">When the last query started, this one or one that failed after it.</param>
/// <param name="Took">How long the query took.</param>
internal sealed record Count(KeyIndex Index, long ReadAt, long TriedAt, TimeSpan Took)
{
    /// <summary>A query starts at the earliest when so many times the duration of the last one have passed since that started.</summary>
    private const int RestFactor = 20;

    /// <summary>The time from the start of the last query to that of the next one, at least.</summary>
    public TimeSpan Rest => Took * RestFactor;
}
