using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Coalescing;

namespace Orders.Tests.Coalescing;

/// <summary>Who shares a statement with whom: statements that end when the test says so, two at a time, for questions that add up to 10.</summary>
internal sealed class SharedStatementsTests
{
    private readonly List<Statement> _statements = [];
    private FakeTimeProvider _time = null!;
    private SharedStatements<int, string> _shared = null!;

    [SetUp]
    public void SetUp()
    {
        _statements.Clear();
        _time = new FakeTimeProvider();
        _shared = new SharedStatements<int, string>(_time, maxStatements: 2, maxSize: 10, size: static question => question, RunAsync);
    }

    [Test]
    public async Task Who_asks_alone_has_a_statement_at_once()
    {
        Task<string> answer = AskAsync(7);
        Assert.That(Questions(), Is.EqualTo(new[] { "7" }));
        _statements[0].End();
        Assert.That(await answer, Is.EqualTo("7 of 0"));
    }

    [Test]
    public async Task Who_asks_while_as_many_statements_run_as_may_shares_the_next_one()
    {
        Task<string>[] answers = [AskAsync(1), AskAsync(2), AskAsync(3), AskAsync(4)];
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2" }));
        EndOneAfterAnother(3);
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(new[] { "1 of 0", "2 of 1", "3 of 2", "4 of 2" }));
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "3,4" }));
    }

    [Test]
    public async Task A_statement_takes_no_more_than_its_size_and_one_that_is_larger_alone()
    {
        Task<string>[] answers = [AskAsync(1), AskAsync(2), AskAsync(6), AskAsync(4), AskAsync(5), AskAsync(11), AskAsync(3)];
        EndOneAfterAnother(6);
        await Task.WhenAll(answers);
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "6,4", "5", "11", "3" }));
    }

    [Test]
    public async Task Who_asks_the_same_shares_the_answer_and_takes_no_room()
    {
        Task<string>[] answers = [AskAsync(1), AskAsync(2), AskAsync(6), AskAsync(6), AskAsync(4), AskAsync(6)];
        EndOneAfterAnother(3);
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(new[] { "1 of 0", "2 of 1", "6 of 2", "6 of 2", "4 of 2", "6 of 2" }));
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "6,4" }));
    }

    [Test]
    public async Task Nobody_is_answered_by_a_statement_that_began_before_the_question()
    {
        Task<string>[] answers = [AskAsync(1), AskAsync(2), AskAsync(1)];
        EndOneAfterAnother(3);
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(new[] { "1 of 0", "2 of 1", "1 of 2" }));
    }

    [Test]
    public async Task Who_leaves_while_waiting_is_not_asked_for()
    {
        using var left = new CancellationTokenSource();
        Task<string>[] answers = [AskAsync(1), AskAsync(2), AskAsync(3)];
        Task<string> leaving = _shared.AskAsync(4, left.Token);
        await left.CancelAsync();
        Assert.That(() => leaving, Throws.InstanceOf<OperationCanceledException>());
        EndOneAfterAnother(3);
        await Task.WhenAll(answers);
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test]
    public async Task A_statement_is_cancelled_when_the_last_of_its_askers_leaves()
    {
        using var first = new CancellationTokenSource();
        using var last = new CancellationTokenSource();
        Task<string>[] before = [AskAsync(1), AskAsync(2)];
        Task<string>[] leaving = [_shared.AskAsync(3, first.Token), _shared.AskAsync(3, last.Token)];
        _statements[0].End();
        await before[0];
        Statement shared = _statements[2];
        await first.CancelAsync();
        Assert.That(() => leaving[0], Throws.InstanceOf<OperationCanceledException>());
        Assert.That(shared.Cancelled.IsCancellationRequested, Is.False);
        await last.CancelAsync();
        Assert.That(() => leaving[1], Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => shared.Cancelled.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public async Task A_statement_that_takes_long_makes_room_for_another_until_twice_as_many_run()
    {
        Task<string>[] stuck = [AskAsync(1), AskAsync(2)];
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Task<string>[] next = [AskAsync(3), AskAsync(4), AskAsync(5)];
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Task<string> last = AskAsync(5);
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        _statements[2].End();
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "3", "4", "5" }));
        EndAll(0, 1, 3, 4);
        await Task.WhenAll([.. stuck, .. next, last]);
    }

    [Test]
    public async Task Room_that_was_made_for_others_is_given_back()
    {
        Task<string>[] answers = [AskAsync(1), AskAsync(2)];
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Task<string>[] next = [AskAsync(3), AskAsync(4), AskAsync(5)];
        EndAll(0, 1);
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        EndAll(2, 3, 4);
        await Task.WhenAll([.. answers, .. next]);
    }

    [Test]
    public async Task A_failure_goes_to_all_who_share_the_statement_and_to_nobody_else()
    {
        Task<string>[] before = [AskAsync(1), AskAsync(2)];
        Task<string>[] failing = [AskAsync(3), AskAsync(4)];
        _statements[0].End();
        _statements[2].End(new NpgsqlException("cut"));
        Task<string> after = AskAsync(5);
        _statements[1].End();
        _statements[3].End();
        foreach (Task<string> task in failing)
        {
            Assert.That(() => task, Throws.InstanceOf<NpgsqlException>());
        }

        Assert.That(await Task.WhenAll([.. before, after]), Is.EqualTo(new[] { "1 of 0", "2 of 1", "5 of 3" }));
    }

    [Test]
    public async Task That_the_database_is_away_is_told_to_all_who_wait_for_it_at_once()
    {
        Task<string>[] answers = [AskAsync(1), AskAsync(2), AskAsync(6), AskAsync(7), AskAsync(8)];
        _statements[0].End(new DatabaseUnavailableException("away", new IOException()));
        foreach (Task<string> task in answers.Where((_, place) => place != 1))
        {
            Assert.That(() => task, Throws.InstanceOf<DatabaseUnavailableException>());
        }

        _statements[1].End();
        Assert.That(await answers[1], Is.EqualTo("2 of 1"));
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2" }));
    }

    [TestCaseSource(nameof(FaultsOfARow))]
    public async Task A_row_that_cannot_be_read_fails_its_own_asker_alone(Exception fault)
    {
        Task<string>[] before = [AskAsync(1), AskAsync(2)];
        Task<string>[] shared = [AskAsync(3), AskAsync(4)];
        _statements[0].End();
        _statements[2].End(fault);
        _statements[3].End(fault);
        _statements[4].End();
        _statements[1].End();
        await Task.WhenAll(before);
        Assert.That(() => shared[0], Throws.Exception.SameAs(fault));
        Assert.That(await shared[1], Is.EqualTo("4 of 4"));
        Assert.That(Questions(), Is.EqualTo(new[] { "1", "2", "3,4", "3", "4" }));
    }

    private static IEnumerable<Exception> FaultsOfARow() =>
    [
        new InvalidCastException(),
        new OverflowException(),
        new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.NumericValueOutOfRange),
        new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.DataCorrupted),
    ];

    private Task<string> AskAsync(int question) => _shared.AskAsync(question, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

    private IEnumerable<string> Questions() => _statements.Select(statement => string.Join(',', statement.Questions));

    private void EndOneAfterAnother(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _statements[i].End();
        }
    }

    private void EndAll(params int[] statements)
    {
        foreach (int statement in statements)
        {
            _statements[statement].End();
        }
    }

    private async Task RunAsync(IReadOnlyList<int> questions, Action<int, string> answer, CancellationToken cancelled)
    {
        int number = _statements.Count;
        var statement = new Statement([.. questions], cancelled);
        _statements.Add(statement);
        await statement.Ended;
        for (int place = 0; place < questions.Count; place++)
        {
            answer(place, $"{questions[place]} of {number}");
        }
    }

    /// <summary>Whoever ends it goes on with what follows, so the next one has begun when that returns.</summary>
    private sealed class Statement(int[] questions, CancellationToken cancelled)
    {
        private readonly TaskCompletionSource _end = new();

        public int[] Questions => questions;

        public CancellationToken Cancelled => cancelled;

        public Task Ended => _end.Task;

        public void End(Exception? failure = null)
        {
            if (failure is null)
            {
                _end.SetResult();
            }
            else
            {
                _end.SetException(failure);
            }
        }
    }
}
