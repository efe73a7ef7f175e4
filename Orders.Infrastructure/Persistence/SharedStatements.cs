using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Orders.Infrastructure.Persistence;

/// <summary>
/// Lets requests share statements: only so many run at a time, and who asks meanwhile shares the next one; who asks the same there
/// shares the answer (request coalescing).
/// </summary>
/// <remarks>
/// A statement costs the service, the wire and PostgreSQL many times what one more question costs in a statement that runs anyway.
/// Each statement begins after the requests that it answers, as ever; who asks alone does not wait for others; and a statement whose
/// askers have all left is cancelled.
/// </remarks>
/// <param name="maxStatements">How many statements run at a time.</param>
/// <param name="maxSize">What the questions of one statement add up to at most; a larger question has one for itself.</param>
/// <param name="size">The share of a question in <paramref name="maxSize"/>.</param>
/// <param name="run">Runs a statement for the questions and answers each by its place in the list.</param>
internal sealed class SharedStatements<TQuestion, TAnswer>(
    int maxStatements, int maxSize, Func<TQuestion, int> size, Func<IReadOnlyList<TQuestion>, Action<int, TAnswer>, CancellationToken, Task> run)
    where TQuestion : notnull
{
    private readonly Lock _gate = new();
    private readonly Queue<Asker<TQuestion, TAnswer>> _waiting = [];
    private int _statements;

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

    /// <summary>True when there is room for one more statement, which the caller has to run.</summary>
    private bool Enqueue(Asker<TQuestion, TAnswer> asker)
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
        while (TakeOrStop() is { } statement)
        {
            await AnswerAsync(statement);
            End(statement);
        }
    }

    /// <summary>Those who wait; null when nobody does, and then there is room for another statement.</summary>
    private SharedStatement<TQuestion, TAnswer>? TakeOrStop()
    {
        lock (_gate)
        {
            var statement = new SharedStatement<TQuestion, TAnswer>(int.Min(_waiting.Count, maxSize));
            int room = maxSize;
            while (_waiting.TryPeek(out Asker<TQuestion, TAnswer>? asker)
                   && (asker.HasLeft || statement.Askers.Count == 0 || size(asker.Question) <= room || statement.Asks(asker.Question)))
            {
                _waiting.Dequeue();
                if (!asker.HasLeft && statement.Add(asker))
                {
                    room -= size(asker.Question);
                }
            }

            if (statement.Askers.Count > 0)
            {
                return statement;
            }

            _statements--;
            return null;
        }
    }

    /// <summary>By an asker whose token is cancelled.</summary>
    public void Leave(Asker<TQuestion, TAnswer> asker)
    {
        lock (_gate)
        {
            asker.HasLeft = true;
            asker.Statement?.LoseOne();
        }
    }

    private void End(SharedStatement<TQuestion, TAnswer> statement)
    {
        lock (_gate)
        {
            foreach (Asker<TQuestion, TAnswer> asker in statement.Askers)
            {
                asker.Statement = null;
            }

            statement.Dispose();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task AnswerAsync(SharedStatement<TQuestion, TAnswer> statement)
    {
        try
        {
            await run(statement.Questions, statement.Answer, statement.Cancelled);
        }
        catch (Exception exception) when (statement.Questions.Count > 1 && IsOfARow(exception))
        {
            // It does not say which question the row belongs to, and the others are not to suffer from it.
            for (int place = 0; place < statement.Questions.Count; place++)
            {
                await AnswerAloneAsync(statement, place);
            }
        }
        catch (Exception exception)
        {
            for (int place = 0; place < statement.Questions.Count; place++)
            {
                statement.Fail(place, exception);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task AnswerAloneAsync(SharedStatement<TQuestion, TAnswer> statement, int place)
    {
        try
        {
            await run([statement.Questions[place]], (_, answer) => statement.Answer(place, answer), statement.Cancelled);
        }
        catch (Exception exception)
        {
            statement.Fail(place, exception);
        }
    }

    /// <summary>A value that is missing, out of range or can't be read (SQLSTATE classes 22 and XX).</summary>
    private static bool IsOfARow(Exception exception) =>
        exception is InvalidCastException or OverflowException or PostgresException { SqlState: ['2', '2', ..] or ['X', 'X', ..] };
}
