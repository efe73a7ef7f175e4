using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Orders.Infrastructure.Persistence;

/// <summary>
/// Lets readers share statements: only so many run at a time, and who asks meanwhile shares the next one; who asks the same there
/// shares the answer (request coalescing).
/// </summary>
/// <remarks>
/// A statement costs the service, the wire and PostgreSQL many times what one more question costs in a statement that runs anyway.
/// Each answer is read after its request came in, as ever; who asks alone does not wait for others; and a statement whose askers
/// have all left is cancelled.
/// </remarks>
/// <param name="maxStatements">How many statements run at a time.</param>
/// <param name="maxSize">What the questions of one statement add up to at most; a larger question has one for itself.</param>
/// <param name="size">The share of a question in <paramref name="maxSize"/>.</param>
/// <param name="read">Runs a statement for the questions and answers each by its place in the list.</param>
internal sealed class SharedReads<TQuestion, TAnswer>(
    int maxStatements, int maxSize, Func<TQuestion, int> size, Func<IReadOnlyList<TQuestion>, Action<int, TAnswer>, CancellationToken, Task> read)
    where TQuestion : notnull
{
    private readonly Lock _gate = new();
    private readonly Queue<Asker> _waiting = [];
    private int _statements;

    /// <exception cref="OperationCanceledException">The asker left; the statement goes on for the others.</exception>
    public Task<TAnswer> AskAsync(TQuestion question, CancellationToken cancellationToken)
    {
        var asker = new Asker(this, question, cancellationToken);
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

    /// <summary>True when there is room for one more statement, which the caller has to run.</summary>
    private bool Enqueue(Asker asker)
    {
        lock (_gate)
        {
            _waiting.Enqueue(asker);
            if (_statements == maxStatements)
            {
                return false;
            }

            _statements++;
            return true;
        }
    }

    private async Task AnswerWaitingAsync()
    {
        while (TakeOrStop() is { } batch)
        {
            await AnswerAsync(batch);
            End(batch);
        }
    }

    /// <summary>Those who wait; null when nobody does, and then there is room for another statement.</summary>
    private Batch? TakeOrStop()
    {
        lock (_gate)
        {
            var batch = new Batch(int.Min(_waiting.Count, maxSize));
            int room = maxSize;
            while (_waiting.TryPeek(out Asker? asker)
                   && (asker.HasLeft || batch.Askers.Count == 0 || size(asker.Question) <= room || batch.Asks(asker.Question)))
            {
                _waiting.Dequeue();
                if (!asker.HasLeft && batch.Add(asker))
                {
                    room -= size(asker.Question);
                }
            }

            if (batch.Askers.Count > 0)
            {
                return batch;
            }

            _statements--;
            return null;
        }
    }

    private void Leave(Asker asker)
    {
        lock (_gate)
        {
            asker.HasLeft = true;
            asker.Batch?.LoseOne();
        }
    }

    private void End(Batch batch)
    {
        lock (_gate)
        {
            foreach (Asker asker in batch.Askers)
            {
                asker.Batch = null;
            }

            batch.Dispose();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task AnswerAsync(Batch batch)
    {
        try
        {
            await read(batch.Questions, batch.Answer, batch.Cancelled);
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
            for (int place = 0; place < batch.Questions.Count; place++)
            {
                batch.Fail(place, exception);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task AnswerAloneAsync(Batch batch, int place)
    {
        try
        {
            await read([batch.Questions[place]], (_, answer) => batch.Answer(place, answer), batch.Cancelled);
        }
        catch (Exception exception)
        {
            batch.Fail(place, exception);
        }
    }

    /// <summary>A value that is missing, out of range or can't be read (SQLSTATE classes 22 and XX).</summary>
    private static bool IsOfARow(Exception exception) =>
        exception is InvalidCastException or OverflowException or PostgresException { SqlState: ['2', '2', ..] or ['X', 'X', ..] };

    /// <summary>One who waits for one answer, and leaves when its token is cancelled. Changed under the gate only.</summary>
    private sealed class Asker : TaskCompletionSource<TAnswer>
    {
        private readonly SharedReads<TQuestion, TAnswer> _reads;
        private readonly CancellationTokenRegistration _leaving;

        public Asker(SharedReads<TQuestion, TAnswer> reads, TQuestion question, CancellationToken cancellationToken)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            (_reads, Question) = (reads, question);
            _leaving = cancellationToken.UnsafeRegister(static (asker, token) => ((Asker)asker!).Leave(token), this);
        }

        public TQuestion Question { get; }

        public bool HasLeft { get; set; }

        /// <summary>Those who share its statement, while it runs.</summary>
        public Batch? Batch { get; set; }

        /// <summary>Another one of the batch with the same question.</summary>
        public Asker? Same { get; set; }

        public void Succeed(TAnswer answer)
        {
            _leaving.Unregister();
            TrySetResult(answer);
        }

        public void Fail(Exception exception)
        {
            _leaving.Unregister();
            TrySetException(exception);
        }

        private void Leave(CancellationToken cancellationToken)
        {
            _reads.Leave(this);
            TrySetCanceled(cancellationToken);
        }
    }

    /// <summary>Those who share a statement. Changed under the gate only.</summary>
    /// <param name="expected">How many come at most, about.</param>
    private sealed class Batch(int expected) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly Dictionary<TQuestion, int> _places = new(expected);
        private readonly List<Asker> _newest = new(expected);
        private int _left;

        public List<Asker> Askers { get; } = new(expected);

        /// <summary>Each once.</summary>
        public List<TQuestion> Questions { get; } = new(expected);

        public CancellationToken Cancelled => _cancellation.Token;

        public bool Asks(TQuestion question) => _places.ContainsKey(question);

        /// <summary>True when nobody in here has asked the same.</summary>
        public bool Add(Asker asker)
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
            for (Asker? asker = _newest[place]; asker is not null; asker = asker.Same)
            {
                asker.Succeed(answer);
            }
        }

        public void Fail(int place, Exception exception)
        {
            for (Asker? asker = _newest[place]; asker is not null; asker = asker.Same)
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
}
