using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Coalescing;

/// <summary>
/// Lets requests share statements: only so many run at a time, and those that come meanwhile share the next one; those that ask the
/// same there share the answer (request coalescing).
/// </summary>
/// <remarks>
/// A statement costs the service, the wire and PostgreSQL many times what one more question costs in a statement that runs anyway.
/// Each statement begins after the requests that it answers, as ever; a request that comes alone does not wait for others; and a
/// statement is cancelled once all its askers have left.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="maxStatements">How many statements run at a time; up to twice as many when some take long.</param>
/// <param name="maxSize">What the questions of one statement add up to at most; a larger question has one for itself.</param>
/// <param name="size">The share of a question in <paramref name="maxSize"/>.</param>
/// <param name="run">Runs a statement for the questions and answers each by its place in the list.</param>
internal sealed class SharedStatements<TQuestion, TAnswer>(
    TimeProvider time,
    int maxStatements,
    int maxSize,
    Func<TQuestion, int> size,
    Func<IReadOnlyList<TQuestion>, Action<int, TAnswer>, CancellationToken, Task> run)
    where TQuestion : notnull
{
    /// <summary>A statement that takes longer makes room for another: its connection may be frozen, which is not to stop all others.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Queue<Asker<TQuestion, TAnswer>> _waiting = [];
    private readonly List<Batch<TQuestion, TAnswer>> _running = [];

    /// <exception cref="OperationCanceledException">The asker left; the statement goes on for the others.</exception>
    public Task<TAnswer> AskAsync(TQuestion question, CancellationToken cancellationToken)
    {
        var asker = new Asker<TQuestion, TAnswer>(this, question, cancellationToken);
        if (Enqueue(asker))
        {
            // The statement is for others as well: it is no part of this request's trace.
            using (ExecutionContext.SuppressFlow())
            {
                _ = AnswerWaitingAsync();
            }
        }

        return asker.Task;
    }

    /// <summary>By an asker whose token is cancelled.</summary>
    public void Leave(Asker<TQuestion, TAnswer> asker)
    {
        lock (_gate)
        {
            asker.HasLeft = true;
            asker.Batch?.LoseOne();
        }
    }

    /// <summary>True when there is room for one more statement, which the caller has to run.</summary>
    private bool Enqueue(Asker<TQuestion, TAnswer> asker)
    {
        lock (_gate)
        {
            _waiting.Enqueue(asker);
            return HasRoom();
        }
    }

    private bool HasRoom()
    {
        int counted = 0;
        foreach (Batch<TQuestion, TAnswer> batch in _running)
        {
            counted += time.GetElapsedTime(batch.BegunAt) < Long ? 1 : 0;
        }

        return counted < maxStatements && _running.Count < 2 * maxStatements;
    }

    private async Task AnswerWaitingAsync()
    {
        while (Take() is { } batch)
        {
            await AnswerAsync(batch);
            End(batch);
        }
    }

    /// <summary>Those who wait; null when nobody does, or when there is no room: then a statement that runs takes them when it ends.</summary>
    private Batch<TQuestion, TAnswer>? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || !HasRoom())
            {
                return null;
            }

            var batch = new Batch<TQuestion, TAnswer>(time.GetTimestamp(), int.Min(_waiting.Count, maxSize));
            int room = maxSize;
            while (_waiting.TryPeek(out Asker<TQuestion, TAnswer>? asker)
                   && (asker.HasLeft || batch.Askers.Count == 0 || size(asker.Question) <= room || batch.Asks(asker.Question)))
            {
                _waiting.Dequeue();
                if (!asker.HasLeft && batch.Add(asker))
                {
                    room -= size(asker.Question);
                }
            }

            if (batch.Askers.Count == 0)
            {
                batch.Dispose();
                return null;
            }

            _running.Add(batch);
            return batch;
        }
    }

    private void End(Batch<TQuestion, TAnswer> batch)
    {
        lock (_gate)
        {
            _running.Remove(batch);
            foreach (Asker<TQuestion, TAnswer> asker in batch.Askers)
            {
                asker.Batch = null;
            }

            batch.Dispose();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task AnswerAsync(Batch<TQuestion, TAnswer> batch)
    {
        try
        {
            await run(batch.Questions, batch.Answer, batch.Cancelled);
        }
        catch (Exception exception) when (batch.Questions.Count > 1 && IsOfARow(exception))
        {
            // It does not say which question the row belongs to, and the others are not to suffer from it.
            for (int place = 0; place < batch.Questions.Count; place++)
            {
                await AnswerAloneAsync(batch, place);
            }
        }
        catch (Exception exception)
        {
            batch.Fail(exception);
            if (exception is DatabaseUnavailableException)
            {
                FailWaiting(exception);
            }
        }
    }

    /// <summary>Those who wait would meet the same, one statement after the other, and each as long as it takes to find out.</summary>
    private void FailWaiting(Exception exception)
    {
        Asker<TQuestion, TAnswer>[] waiting;
        lock (_gate)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (Asker<TQuestion, TAnswer> asker in waiting)
        {
            asker.Fail(exception);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task AnswerAloneAsync(Batch<TQuestion, TAnswer> batch, int place)
    {
        try
        {
            await run([batch.Questions[place]], (_, answer) => batch.Answer(place, answer), batch.Cancelled);
        }
        catch (Exception exception)
        {
            batch.Fail(place, exception);
        }
    }

    /// <summary>A value that is missing, out of range or can't be read (SQLSTATE classes 22 and XX).</summary>
    private static bool IsOfARow(Exception exception) =>
        exception is InvalidCastException or OverflowException or PostgresException { SqlState: ['2', '2', ..] or ['X', 'X', ..] };
}
