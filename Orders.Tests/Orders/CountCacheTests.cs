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

    [TearDown]
    public void TearDown() => _counter.Dispose();

    [SetUp]
    public void SetUp()
    {
        _orders.Reset();
        _queries.Clear();
        _tokens.Clear();
        _orders.Setup(orders => orders.ReadKeyIndexAsync(It.IsAny<KeyIndex?>(), It.IsAny<CancellationToken>())).Returns((KeyIndex? _, CancellationToken token) =>
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
    public async Task A_running_query_that_started_too_long_ago_for_a_caller_is_not_joined()
    {
        Task<OrderCount> first = _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        Task<OrderCount> second = _counter.CountAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        Task<OrderCount> usual = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 0, total: 7);
        await AnswerAsync(query: 1, total: 8);

        Assert.That(((await first).Orders, (await second).Orders, (await usual).Orders), Is.EqualTo((7, 8, 7)));
    }

    [Test]
    public async Task A_caller_who_leaves_before_the_first_count_is_told_so_and_the_query_goes_on_for_others()
    {
        using var leaving = new CancellationTokenSource();
        Task<OrderCount> leaver = _counter.CountAsync(null, leaving.Token);
        await StartedAsync(queries: 1);
        await leaving.CancelAsync();
        Assert.That(async () => await leaver, Throws.InstanceOf<CountNotReadyException>());

        Task<OrderCount> stayer = _counter.CountAsync(null, CancellationToken.None);
        await AnswerAsync(query: 0, total: 7);
        Assert.That((await stayer).Orders, Is.EqualTo(7));
        Assert.That(_queries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_caller_who_wants_a_fresh_count_and_leaves_is_cancelled()
    {
        await CountInAsync(TimeSpan.Zero, total: 7);
        using var leaving = new CancellationTokenSource();
        Task<OrderCount> leaver = _counter.CountAsync(TimeSpan.Zero, leaving.Token);
        await leaving.CancelAsync();
        Assert.That(async () => await leaver, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_running_query_ends_with_the_service()
    {
        Task<OrderCount> waiting = _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        _counter.Dispose();
        Assert.That(async () => await waiting, Throws.InstanceOf<Exception>());
        Assert.That(_tokens[0].IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task A_page_waits_a_second_for_the_first_count_and_then_does_without()
    {
        Task<OrderCount?> page = _counter.CountForPageAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.That(page.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(await page, Is.Null);

        Task<OrderCount?> next = _counter.CountForPageAsync(null, CancellationToken.None);
        await AnswerAsync(query: 0, total: 7);
        Assert.That((await next)?.Orders, Is.EqualTo(7));
    }

    [Test]
    public async Task A_page_whose_first_count_fails_does_without()
    {
        Task<OrderCount?> page = _counter.CountForPageAsync(null, CancellationToken.None);
        await StartedAsync(queries: 1);
        _queries[0].SetException(new TimeoutException());
        Assert.That(await page, Is.Null);
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
        await CountInAsync(TimeSpan.FromSeconds(0.1), total: 7);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Task<OrderCount> due = _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 2);
        await AnswerAsync(query: 1, total: 8);
        Assert.That((await due).Orders, Is.EqualTo(8));
    }

    [Test]
    public async Task A_count_is_begun_ahead_of_time_and_once()
    {
        await CountInAsync(TimeSpan.FromSeconds(0.05), total: 7);
        _time.Advance(TimeSpan.FromMilliseconds(1840L));
        await _counter.CountAsync(null, CancellationToken.None);
        Assert.That(_queries, Has.Count.EqualTo(1));

        _time.Advance(TimeSpan.FromMilliseconds(10L));
        await _counter.CountAsync(null, CancellationToken.None);
        OrderCount early = await _counter.CountAsync(null, CancellationToken.None);
        Assert.That((early.Orders, early.Age), Is.EqualTo((7, TimeSpan.FromSeconds(1.9))));
        await AnswerAsync(query: 1, total: 8);
        Assert.That((await RememberedAsync(total: 8)).Age, Is.EqualTo(TimeSpan.Zero));
        Assert.That(_queries, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Nobody_waits_for_a_count_that_takes_long_and_it_is_taken_a_twentieth_of_the_time_at_most()
    {
        await CountInAsync(TimeSpan.FromSeconds(3), total: 7);
        _time.Advance(TimeSpan.FromSeconds(56.9));
        OrderCount old = await _counter.CountAsync(null, CancellationToken.None);
        Assert.That((old.Orders, old.Age), Is.EqualTo((7, TimeSpan.FromSeconds(59.9))));
        Assert.That(_queries, Has.Count.EqualTo(1));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        await _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 2);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That((await _counter.CountAsync(null, CancellationToken.None)).Age, Is.EqualTo(TimeSpan.FromSeconds(64)));
        await AnswerAsync(query: 1, total: 8);
        Assert.That((await RememberedAsync(total: 8)).Age, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public async Task Who_takes_no_old_count_waits_for_a_fresh_one_however_long_that_takes()
    {
        await CountInAsync(TimeSpan.FromSeconds(3), total: 7);
        Task<OrderCount> fresh = _counter.CountAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.That((await _counter.CountAsync(null, CancellationToken.None)).Orders, Is.EqualTo(7));
        await AnswerAsync(query: 1, total: 8);
        Assert.That((await fresh).Orders, Is.EqualTo(8));
    }

    [Test]
    public async Task A_long_count_that_fails_leaves_the_last_one_and_is_not_repeated_sooner()
    {
        await CountInAsync(TimeSpan.FromSeconds(3), total: 7);
        _time.Advance(TimeSpan.FromSeconds(60));
        await _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 2);
        _time.Advance(TimeSpan.FromSeconds(5));
        _queries[1].SetException(new TimeoutException());
        Task<OrderCount> fresh = _counter.CountAsync(TimeSpan.Zero, CancellationToken.None);
        await StartedAsync(queries: 3);
        _queries[2].SetException(new TimeoutException());
        Assert.That(async () => await fresh, Throws.InstanceOf<TimeoutException>());

        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.That((await _counter.CountAsync(null, CancellationToken.None)).Orders, Is.EqualTo(7));
        Assert.That(_queries, Has.Count.EqualTo(3));
        _time.Advance(TimeSpan.FromSeconds(10));
        await _counter.CountAsync(null, CancellationToken.None);
        await StartedAsync(queries: 4);
    }

    [Test]
    public async Task The_blocks_of_the_last_count_are_those_of_the_next()
    {
        await CountInAsync(TimeSpan.Zero, total: 7);
        Task<OrderCount> next = _counter.CountAsync(TimeSpan.Zero, CancellationToken.None);
        await AnswerAsync(query: 1, total: 8);
        await next;
        _orders.Verify(orders => orders.ReadKeyIndexAsync(It.Is<KeyIndex?>(last => last != null && last.Count == 7), It.IsAny<CancellationToken>()), Times.Once);
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
        _queries[query].SetResult(new KeyIndex([0], [total]));
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
