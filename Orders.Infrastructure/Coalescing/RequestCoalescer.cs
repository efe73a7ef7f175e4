using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Coalescing;

/// <summary>
/// Request coalescing: requests that arrive while statements run share the next statement, and requests with the same key share its
/// result.
/// </summary>
/// <remarks>
/// One more key in a statement costs the service, the wire and PostgreSQL far less than one more statement. A statement always starts
/// after the requests that it serves, and shows what any of their consistency tokens asks for; a lone request never waits for others, and a
/// statement is cancelled when all its requests are.
/// </remarks>
/// <param name="statement">Its name for instruments and spans.</param>
/// <param name="time">The clock.</param>
/// <param name="maxStatements">How many statements run at a time; twice as many when some are slow.</param>
/// <param name="maxWeight">The limit on the total weight of a batch; a heavier key gets a batch of its own.</param>
/// <param name="weigh">The weight of a key.</param>
/// <param name="run">Runs a statement for the keys, and reports each result by the key's index.</param>
internal sealed class RequestCoalescer<TKey, TResult>(
    string statement,
    TimeProvider time,
    int maxStatements,
    int maxWeight,
    Func<TKey, int> weigh,
    Func<IReadOnlyList<TKey>, Action<int, TResult>, CancellationToken, Task> run)
    where TKey : notnull
{
    /// <summary>A slower statement no longer counts against the limit: its connection may hang, and must not stop the others.</summary>
    private static readonly TimeSpan SlowStatement = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly StatementTelemetry _telemetry = new(statement);
    private readonly Queue<PendingRequest<TKey, TResult>> _waiting = [];
    private readonly List<Batch<TKey, TResult>> _running = [];

    public TimeProvider Time => time;

    /// <exception cref="OperationCanceledException">The caller's token was cancelled; the statement goes on for others.</exception>
    public Task<TResult> RunAsync(TKey key, CancellationToken cancellationToken)
    {
        var request = new PendingRequest<TKey, TResult>(this, key, cancellationToken);
        if (Enqueue(request))
        {
            // The statement serves other requests too: it is no part of this one's trace.
            ExecutionContext.Run(
                OwnContext.Empty, static coalescer => _ = ((RequestCoalescer<TKey, TResult>)coalescer!).RunWaitingAsync(), this);
        }

        return request.Task;
    }

    /// <summary>Called by a request whose token is cancelled.</summary>
    public void Cancel(PendingRequest<TKey, TResult> request)
    {
        lock (_lock)
        {
            request.IsCancelled = true;
            request.Batch?.CancelOne();
        }
    }

    /// <returns>True when another statement may start, which the caller has to run.</returns>
    private bool Enqueue(PendingRequest<TKey, TResult> request)
    {
        lock (_lock)
        {
            _waiting.Enqueue(request);
            return HasRoom();
        }
    }

    private bool HasRoom()
    {
        int counted = _running.Count(static batch => batch.Elapsed < SlowStatement);
        return counted < maxStatements && _running.Count < 2 * maxStatements;
    }

    private async Task RunWaitingAsync()
    {
        while (TakeBatch() is { } batch)
        {
            await RunAsync(batch);
            Remove(batch);
        }
    }

    /// <returns>
    /// The waiting requests; null when there are none or no statement may start. Then a running one takes them when it ends.
    /// </returns>
    private Batch<TKey, TResult>? TakeBatch()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || !HasRoom())
            {
                return null;
            }

            var batch = new Batch<TKey, TResult>(time, int.Min(_waiting.Count, maxWeight));
            int room = maxWeight;
            while (_waiting.TryPeek(out PendingRequest<TKey, TResult>? request)
                   && (request.IsCancelled || batch.Requests.Count == 0 || weigh(request.Key) <= room || batch.Contains(request.Key)))
            {
                _waiting.Dequeue();
                if (!request.IsCancelled && batch.Add(request))
                {
                    room -= weigh(request.Key);
                }
            }

            if (batch.Requests.Count == 0)
            {
                batch.Dispose();
                return null;
            }

            _running.Add(batch);
            return batch;
        }
    }

    private void Remove(Batch<TKey, TResult> batch)
    {
        lock (_lock)
        {
            _running.Remove(batch);
            foreach (PendingRequest<TKey, TResult> request in batch.Requests)
            {
                request.Batch = null;
            }

            batch.Dispose();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure goes to the requests that wait for the result.")]
    private async Task RunAsync(Batch<TKey, TResult> batch)
    {
        ConsistencyTokens.Required = batch.Required;
        using Activity? span = _telemetry.Start(batch);
        try
        {
            await run(batch.Keys, batch.SetResult, batch.Cancellation);
        }
        catch (Exception exception) when (batch.Keys.Count > 1 && SqlStates.KindOf(exception) == ErrorKind.WrongRow)
        {
            // The error does not say whose row it is. Each key runs alone, so that only the row's own requests fail.
            for (int index = 0; index < batch.Keys.Count; index++)
            {
                await RunAloneAsync(batch, index);
            }
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            batch.SetException(exception);
            if (exception is DatabaseUnavailableException { IsConnected: false })
            {
                FailWaiting(exception);
            }
        }
    }

    /// <summary>Each further statement would take as long to find out the same.</summary>
    private void FailWaiting(Exception exception)
    {
        PendingRequest<TKey, TResult>[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (PendingRequest<TKey, TResult> request in waiting)
        {
            request.Fail(exception);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure goes to the requests that wait for the result.")]
    private async Task RunAloneAsync(Batch<TKey, TResult> batch, int index)
    {
        try
        {
            await run([batch.Keys[index]], (_, result) => batch.SetResult(index, result), batch.Cancellation);
        }
        catch (Exception exception)
        {
            batch.SetException(index, exception);
        }
    }
}
