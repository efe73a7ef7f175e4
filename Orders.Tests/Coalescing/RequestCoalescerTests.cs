using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Coalescing;
using Orders.Infrastructure.Postgres;

namespace Orders.Tests.Coalescing;

/// <summary>Which requests share a statement. Statements end when the test says so; two run at a time, for keys that weigh up to 10.</summary>
internal sealed class RequestCoalescerTests
{
    private readonly List<Statement> _statements = [];
    private FakeTimeProvider _time = null!;
    private RequestCoalescer<int, string> _coalescer = null!;

    [SetUp]
    public void SetUp()
    {
        _statements.Clear();
        _time = new FakeTimeProvider();
        _coalescer = new RequestCoalescer<int, string>("test", _time, maxStatements: 2, maxWeight: 10, weigh: static key => key, RunAsync);
    }

    [Test]
    public async Task A_lone_request_runs_at_once()
    {
        Task<string> answer = GetAsync(7);
        Assert.That(Keys(), Is.EqualTo(new[] { "7" }));
        _statements[0].End();
        Assert.That(await answer, Is.EqualTo("7 of 0"));
    }

    [Test]
    public async Task A_statement_is_no_part_of_its_request_and_keeps_what_it_has_to_show_when_it_waits()
    {
        using Activity request = new Activity("request").Start();
        ConsistencyTokens.Required = WalPosition.Unreachable;
        (Activity? Trace, WalPosition? Required) seen = default;
        var coalescer = new RequestCoalescer<int, string>(
            "test", _time, maxStatements: 1, maxWeight: 1, weigh: static _ => 1, run: async (_, setResult, _) =>
            {
                await Task.Yield();
                seen = (Activity.Current, ConsistencyTokens.Required);
                setResult(0, "");
            });
        await coalescer.RunAsync(1, CancellationToken.None);
        ConsistencyTokens.Required = null;
        Assert.That(seen, Is.EqualTo(((Activity?)null, WalPosition.Unreachable)));
    }

    [Test]
    public async Task Requests_that_come_at_the_limit_share_the_next_statement()
    {
        Task<string>[] answers = [GetAsync(1), GetAsync(2), GetAsync(3), GetAsync(4)];
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2" }));
        EndOneAfterAnother(3);
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(new[] { "1 of 0", "2 of 1", "3 of 2", "4 of 2" }));
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "3,4" }));
    }

    [Test]
    public async Task A_batch_weighs_no_more_than_the_limit_unless_it_is_one_heavy_key()
    {
        Task<string>[] answers = [GetAsync(1), GetAsync(2), GetAsync(6), GetAsync(4), GetAsync(5), GetAsync(11), GetAsync(3)];
        EndOneAfterAnother(6);
        await Task.WhenAll(answers);
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "6,4", "5", "11", "3" }));
    }

    [Test]
    public async Task Requests_with_the_same_key_share_the_result_and_add_no_weight()
    {
        Task<string>[] answers = [GetAsync(1), GetAsync(2), GetAsync(6), GetAsync(6), GetAsync(4), GetAsync(6)];
        EndOneAfterAnother(3);
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(new[] { "1 of 0", "2 of 1", "6 of 2", "6 of 2", "4 of 2", "6 of 2" }));
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "6,4" }));
    }

    [Test]
    public async Task No_request_gets_the_result_of_a_statement_that_started_before_it()
    {
        Task<string>[] answers = [GetAsync(1), GetAsync(2), GetAsync(1)];
        EndOneAfterAnother(3);
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(new[] { "1 of 0", "2 of 1", "1 of 2" }));
    }

    [Test]
    public async Task A_request_cancelled_while_it_waits_is_left_out()
    {
        using var left = new CancellationTokenSource();
        Task<string>[] answers = [GetAsync(1), GetAsync(2), GetAsync(3)];
        Task<string> leaving = _coalescer.RunAsync(4, left.Token);
        await left.CancelAsync();
        Assert.That(() => leaving, Throws.InstanceOf<OperationCanceledException>());
        EndOneAfterAnother(3);
        await Task.WhenAll(answers);
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test]
    public async Task A_statement_is_cancelled_with_the_last_of_its_requests()
    {
        using var first = new CancellationTokenSource();
        using var last = new CancellationTokenSource();
        Task<string>[] before = [GetAsync(1), GetAsync(2)];
        Task<string>[] leaving = [_coalescer.RunAsync(3, first.Token), _coalescer.RunAsync(3, last.Token)];
        _statements[0].End();
        await before[0];
        Statement shared = _statements[2];
        await first.CancelAsync();
        Assert.That(() => leaving[0], Throws.InstanceOf<OperationCanceledException>());
        Assert.That(shared.Cancellation.IsCancellationRequested, Is.False);
        await last.CancelAsync();
        Assert.That(() => leaving[1], Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => shared.Cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public async Task A_slow_statement_makes_room_for_another_until_twice_as_many_run()
    {
        Task<string>[] stuck = [GetAsync(1), GetAsync(2)];
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Task<string>[] next = [GetAsync(3), GetAsync(4), GetAsync(5)];
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Task<string> last = GetAsync(5);
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        _statements[2].End();
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "3", "4", "5" }));
        EndAll(0, 1, 3, 4);
        await Task.WhenAll([.. stuck, .. next, last]);
    }

    [Test]
    public async Task Room_that_was_made_for_others_is_given_back()
    {
        Task<string>[] answers = [GetAsync(1), GetAsync(2)];
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Task<string>[] next = [GetAsync(3), GetAsync(4), GetAsync(5)];
        EndAll(0, 1);
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        EndAll(2, 3, 4);
        await Task.WhenAll([.. answers, .. next]);
    }

    [Test]
    public async Task A_failure_goes_to_all_requests_of_the_statement_and_to_no_other()
    {
        Task<string>[] before = [GetAsync(1), GetAsync(2)];
        Task<string>[] failing = [GetAsync(3), GetAsync(4)];
        _statements[0].End();
        _statements[2].End(new NpgsqlException("cut"));
        Task<string> after = GetAsync(5);
        _statements[1].End();
        _statements[3].End();
        foreach (Task<string> task in failing)
        {
            Assert.That(() => task, Throws.InstanceOf<NpgsqlException>());
        }

        Assert.That(await Task.WhenAll([.. before, after]), Is.EqualTo(new[] { "1 of 0", "2 of 1", "5 of 3" }));
    }

    [Test]
    public async Task An_unavailable_database_fails_all_waiting_requests_at_once()
    {
        Task<string>[] answers = [GetAsync(1), GetAsync(2), GetAsync(6), GetAsync(7), GetAsync(8)];
        _statements[0].End(new DatabaseUnavailableException("away", new IOException()));
        foreach (Task<string> task in answers.Where((_, place) => place != 1))
        {
            Assert.That(() => task, Throws.InstanceOf<DatabaseUnavailableException>());
        }

        _statements[1].End();
        Assert.That(await answers[1], Is.EqualTo("2 of 1"));
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2" }));
    }

    [TestCaseSource(nameof(RowErrors))]
    public async Task A_row_that_cannot_be_read_fails_only_its_own_request(Exception fault)
    {
        Task<string>[] before = [GetAsync(1), GetAsync(2)];
        Task<string>[] shared = [GetAsync(3), GetAsync(4)];
        _statements[0].End();
        _statements[2].End(fault);
        _statements[3].End(fault);
        _statements[4].End();
        _statements[1].End();
        await Task.WhenAll(before);
        Assert.That(() => shared[0], Throws.Exception.SameAs(fault));
        Assert.That(await shared[1], Is.EqualTo("4 of 4"));
        Assert.That(Keys(), Is.EqualTo(new[] { "1", "2", "3,4", "3", "4" }));
    }

    private static IEnumerable<Exception> RowErrors() =>
    [
        new InvalidCastException(),
        new OverflowException(),
        new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.NumericValueOutOfRange),
        new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.DataCorrupted),
    ];

    private Task<string> GetAsync(int key) => _coalescer.RunAsync(key, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

    private IEnumerable<string> Keys() => _statements.Select(statement => string.Join(',', statement.Keys));

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

    private async Task RunAsync(IReadOnlyList<int> keys, Action<int, string> answer, CancellationToken cancelled)
    {
        int number = _statements.Count;
        var statement = new Statement([.. keys], cancelled);
        _statements.Add(statement);
        await statement.Ended;
        for (int place = 0; place < keys.Count; place++)
        {
            answer(place, $"{keys[place]} of {number}");
        }
    }

    /// <summary>Whoever ends it goes on with what follows, so the next one has begun when that returns.</summary>
    private sealed class Statement(int[] keys, CancellationToken cancelled)
    {
        private readonly TaskCompletionSource _end = new();

        public int[] Keys => keys;

        public CancellationToken Cancellation => cancelled;

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
