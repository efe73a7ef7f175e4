namespace Orders.Api.Http;

/// <summary>
/// Bounds the memory of answers whose clients do not read them: when it is used up, the connection that has waited longest is closed.
/// </summary>
/// <remarks>
/// Only answers that do not go out at once are here. A client that reads is never the one that has waited longest for long.
/// </remarks>
internal sealed class UnsentAnswers(long capacity)
{
    /// <summary>The longest waiting first.</summary>
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly Lock _lock = new();
    private long _bytes;

    /// <summary>Awaits an answer's way out.</summary>
    /// <param name="sending">The flush of the answer.</param>
    /// <param name="context">The request that is closed when memory runs out.</param>
    /// <param name="bytes">The length of the answer.</param>
    public async Task SendAsync(Task sending, HttpContext context, long bytes)
    {
        LinkedListNode<Waiting> waiting = Add(new Waiting(context, bytes));
        try
        {
            await sending;
        }
        finally
        {
            lock (_lock)
            {
                Remove(waiting);
            }
        }
    }

    private LinkedListNode<Waiting> Add(Waiting answer)
    {
        lock (_lock)
        {
            LinkedListNode<Waiting> added = _waiting.AddLast(answer);
            _bytes += answer.Bytes;
            while (_bytes > capacity && _waiting.First is { } longest && longest != added)
            {
                // Inside the lock: afterwards its context may serve the connection's next request.
                longest.Value.Context.Abort();
                Remove(longest);
            }

            return added;
        }
    }

    private void Remove(LinkedListNode<Waiting> waiting)
    {
        if (waiting.List is not null)
        {
            _waiting.Remove(waiting);
            _bytes -= waiting.Value.Bytes;
        }
    }

    private readonly record struct Waiting(HttpContext Context, long Bytes);
}
