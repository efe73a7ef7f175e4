using Microsoft.Extensions.Time.Testing;
using Moq;
using Orders.Application.Orders;

namespace Orders.Tests.Orders;

internal sealed class CountCacheTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly Mock<IOrderRepository> _orders = new();
    private readonly List<TaskCompletionSource<KeyIndex>> _queries = [];
    private readonly List<CancellationToken> _tokens = [];
    private CountCache _counter = null!;

    [SetUp]
    public void SetUp()
    {
        _queries.Clear();
        _tokens.Clear();
        _orders.Setup(orders => orders.ReadKeyIndexAsync(It.IsAny<CancellationToken>())).Returns((CancellationToken token) =>
        {
            var query = new TaskCompletionSource<KeyIndex>(TaskCreationOptions.RunContinuationsAsynchronously);
            token.Register(() => query.TrySetCanceled(token));
            lock (_queries)
            {
                _queries.Add(query);
                _tokens.Add(token);
            }

            return query.Task;
        });
        _counter = new CountCache(_orders.Object, MaxAge, _time);
    }

    [Test]
    public async Task Those_who_ask_while_a_query_runs_share_it()
    {
        Task<OrderCount>[] askers = [.. Enumerable.Range(0, 50).Select(_ => _counter.CountAsync(null, CancellationToken.None))];
        await AnswerAsync(query: 0, total: 7);

        Assert.That((await Task.WhenAll(askers)).Select(count => count.Orders), Is.All.EqualTo(7));
        Assert.That(_queries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_count_is_remembered_until_its_maximum_age_and_says_how_old_it_is()
    {
        Task<OrderCount> first = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 0, total: 7);
        await first;

        _time.Advance(TimeSpan.FromSeconds(1.9));
        OrderCount remembered = await _counter.CountAsync(null, CancellationToken.None);
        Assert.That((remembered.Orders, remembered.Age), Is.EqualTo((7, TimeSpan.FromSeconds(1.9))));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Task<OrderCount> second = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 1, total: 8);
        Assert.That(((await second).Orders, (await second).Age), Is.EqualTo((8, TimeSpan.Zero)));
    }

    [Test]
    public async Task A_fresh_count_waits_for_the_query_after_the_running_one_and_shares_it()
    {
        Task<OrderCount> first = _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        Task<OrderCount>[] fresh = [.. Enumerable.Range(0, 10).Select(_ => _counter.CountAsync(TimeSpan.Zero, CancellationToken.None))];
        await AnswerAsync(query: 0, total: 7);
        Assert.That((await first).Orders, Is.EqualTo(7));

        await AnswerAsync(query: 1, total: 8);
        Assert.That((await Task.WhenAll(fresh)).Select(count => count.Orders), Is.All.EqualTo(8));
        Assert.That(_queries, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_running_query_that_started_too_long_ago_is_not_joined()
    {
        Task<OrderCount> first = _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        _time.Advance(MaxAge);
        Task<OrderCount> second = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 0, total: 7);
        await AnswerAsync(query: 1, total: 8);

        Assert.That(((await first).Orders, (await second).Orders), Is.EqualTo((7, 8)));
    }

    [Test]
    public async Task One_asker_who_leaves_does_not_take_the_answer_from_the_others()
    {
        using var leaving = new CancellationTokenSource();
        Task<OrderCount> leaver = _counter.CountAsync(null, leaving.Token);
        Task<OrderCount> stayer = _counter.CountAsync(null, CancellationToken.None);
        await leaving.CancelAsync();

        Assert.That(async () => await leaver, Throws.InstanceOf<OperationCanceledException>());
        await AnswerAsync(query: 0, total: 7);
        Assert.That((await stayer).Orders, Is.EqualTo(7));
    }

    [Test]
    public async Task The_query_is_cancelled_when_the_last_asker_leaves_and_the_next_asker_gets_a_new_one()
    {
        using var leaving = new CancellationTokenSource();
        Task<OrderCount> leaver = _counter.CountAsync(null, leaving.Token);
        await StartedAsync(queries: 1);
        await leaving.CancelAsync();
        Assert.That(async () => await leaver, Throws.InstanceOf<OperationCanceledException>());

        Task<OrderCount> next = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 1, total: 8);
        Assert.That((await next).Orders, Is.EqualTo(8));
        Assert.That(_tokens[0].IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task A_failure_reaches_all_who_wait_and_is_not_remembered()
    {
        Task<OrderCount> first = _counter.CountAsync(null, CancellationToken.None);
        Task<OrderCount> second = _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        _queries[0].SetException(new TimeoutException());
        Assert.That(async () => await first, Throws.InstanceOf<TimeoutException>());
        Assert.That(async () => await second, Throws.InstanceOf<TimeoutException>());

        Task<OrderCount> third = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 1, total: 8);
        Assert.That((await third).Orders, Is.EqualTo(8));
    }

    [Test]
    public async Task A_maximum_age_of_zero_remembers_nothing()
    {
        _counter = new CountCache(_orders.Object, TimeSpan.Zero, _time);
        Task<OrderCount> first = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 0, total: 7);
        await first;
        Task<OrderCount> second = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 1, total: 8);

        Assert.That((await second).Orders, Is.EqualTo(8));
    }

    [Test]
    public async Task The_next_count_is_there_when_the_last_one_is_too_old()
    {
        await CountInAsync(TimeSpan.FromSeconds(0.2), total: 7);
        _time.Advance(TimeSpan.FromSeconds(1.4));
        OrderCount early = await _counter.CountAsync(null, CancellationToken.None);
        Assert.That((early.Orders, early.Age), Is.EqualTo((7, TimeSpan.FromSeconds(1.6))));

        await AnswerAsync(query: 1, total: 8);
        _time.Advance(TimeSpan.FromSeconds(0.4));
        OrderCount next = await RememberedAsync(total: 8);
        Assert.That(next.Age, Is.EqualTo(TimeSpan.FromSeconds(0.4)));
        Assert.That(_queries, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task No_count_is_begun_before_it_is_due_or_twice()
    {
        await CountInAsync(TimeSpan.FromSeconds(0.2), total: 7);
        _time.Advance(TimeSpan.FromMilliseconds(1390L));
        await _counter.CountAsync(null, CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(10L));
        await _counter.CountAsync(null, CancellationToken.None);
        await _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 2);
        _time.Advance(TimeSpan.FromSeconds(0.4));
        Task<OrderCount> waiting = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 1, total: 8);
        Assert.That((await waiting).Age, Is.EqualTo(TimeSpan.FromSeconds(0.4)));
        Assert.That(_queries, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_count_that_takes_long_is_run_for_those_alone_who_wait_for_it()
    {
        await CountInAsync(TimeSpan.FromSeconds(0.6), total: 7);
        _time.Advance(TimeSpan.FromSeconds(1.3));
        Assert.That((await _counter.CountAsync(null, CancellationToken.None)).Orders, Is.EqualTo(7));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Task<OrderCount> second = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 1, total: 8);
        Assert.That(((await second).Orders, (await second).Age), Is.EqualTo((8, TimeSpan.Zero)));
    }

    [Test]
    public async Task A_count_that_nobody_waits_for_may_fail()
    {
        await CountInAsync(TimeSpan.FromSeconds(0.2), total: 7);
        _time.Advance(TimeSpan.FromSeconds(1.7));
        await _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 2);
        _queries[1].SetException(new TimeoutException());

        Task<OrderCount> next = _counter.CountAsync(TimeSpan.Zero, CancellationToken.None);
        await AnswerAsync(query: 2, total: 8);
        Assert.That((await next).Orders, Is.EqualTo(8));
    }

    private async Task CountInAsync(TimeSpan duration, long total)
    {
        Task<OrderCount> count = _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        _time.Advance(duration);
        await AnswerAsync(query: 0, total);
        await count;
    }

    /// <summary>A query's answer is remembered on the thread pool, some time after it came.</summary>
    private async Task<OrderCount> RememberedAsync(long total)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            OrderCount count = await _counter.CountAsync(null, deadline.Token);
            if (count.Orders == total)
            {
                return count;
            }
        }
    }

    private async Task AnswerAsync(int query, long total)
    {
        await StartedAsync(query + 1);
        _queries[query].SetResult(new KeyIndex { Count = total, BlockEnds = [] });
    }

    /// <summary>Queries start on the thread pool; a run that never gets there is ended by the deadline.</summary>
    private async Task StartedAsync(int queries)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            lock (_queries)
            {
                if (_queries.Count >= queries)
                {
                    return;
                }
            }

            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
